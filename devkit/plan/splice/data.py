"""Edits as data: what a document holds after them, and the single steps that lead there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, assert_never

from msgspec import Struct

from devkit.plan.splice.edits import AddItem, DropKey, Edit, SetKey
from devkit.plan.splice.problems import SpliceProblem
from devkit.plan.values import is_list, is_same, plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from devkit.api.values import KeyPath, Value


class Replace(Struct, frozen=True):
    """Put another value where one is."""

    path: KeyPath
    value: Value


class Insert(Struct, frozen=True):
    """Put a new key into an existing mapping."""

    path: KeyPath
    key: str
    value: Value


class Append(Struct, frozen=True):
    """Put a new item at the end of an existing list."""

    path: KeyPath
    value: Value


class Remove(Struct, frozen=True):
    """Take out an existing key or item."""

    path: KeyPath


Step = Replace | Insert | Append | Remove


def ordered(edits: Sequence[Edit]) -> list[Edit]:
    """Return the edits so that the positions in their paths hold: what drops items comes last, from the end."""
    drops = [edit for edit in edits if isinstance(edit, DropKey)]
    drops.sort(key=lambda edit: [(isinstance(part, int), part) for part in edit.path], reverse=True)
    return [*(edit for edit in edits if not isinstance(edit, DropKey)), *drops]


def after(data: Value, edits: Sequence[Edit]) -> Value:
    """Return the data that a document shall hold after the edits."""
    root: list[Any] = [plain(data)]
    for edit in ordered(edits):
        _apply(root, edit)
    result: Value = root[0]
    return result


def steps(data: Value, edit: Edit) -> Iterator[Step]:
    """Yield the single steps of one edit, as small as they get, for a document that holds `data`."""
    match edit:
        case SetKey():
            yield from _set(data, edit.path, edit.value)
        case AddItem():
            if not is_list(value_at(data, edit.path)):
                raise SpliceProblem(f"`{dotted(edit.path)}` is not a list")
            yield Append(edit.path, edit.value)
        case DropKey():
            value_at(data, edit.path)
            yield Remove(edit.path)
        case _:
            assert_never(edit)


def value_at(data: Value, path: KeyPath) -> Value:
    """Return the value at a path. Raises `SpliceProblem` when there is none."""
    for number, part in enumerate(path):
        if not has_part(data, part):
            raise SpliceProblem(f"there is no `{dotted(path[: number + 1])}`")
        data = data[part]  # type: ignore[index]
    return data


def has_path(data: Value, path: KeyPath) -> bool:
    """Return whether there is a value at a path."""
    return _known(data, path) == len(path)


def has_part(data: Value, part: str | int) -> bool:
    """Return whether a value is a mapping with such a key or a list with such a position."""
    if isinstance(data, Mapping):
        return part in data
    return is_list(data) and isinstance(part, int) and 0 <= part < len(data)


def dotted(path: KeyPath) -> str:
    """Return a path as messages write it."""
    return ".".join(map(str, path)) or "the document"


def _apply(root: list[Any], edit: Edit) -> None:
    path = (0, *edit.path)
    if isinstance(edit, AddItem):
        found: Any = value_at(root, path)
        if not isinstance(found, list):
            raise SpliceProblem(f"`{dotted(edit.path)}` is not a list")
        found.append(plain(edit.value))
        return
    holder: Any = root
    for number, part in enumerate(path[:-1]):
        if not has_part(holder, part):
            _put(holder, path[: number + 1], {}, edit)
        holder = holder[part]
    if isinstance(edit, DropKey):
        value_at(root, path)
        del holder[path[-1]]
    else:
        _put(holder, path, plain(edit.value), edit)


def _put(holder: Any, path: KeyPath, value: Value, edit: Edit) -> None:
    is_new_key = isinstance(holder, dict) and isinstance(path[-1], str) and isinstance(edit, SetKey)
    if not is_new_key and not has_part(holder, path[-1]):
        raise SpliceProblem(f"there is no place for `{dotted(edit.path)}`")
    holder[path[-1]] = value


def insertion(data: Value, path: KeyPath, value: Value) -> Insert:
    """Return the step that creates a path, with the mappings on the way to it that are missing."""
    known = _known(data, path)
    if not isinstance(value_at(data, path[:known]), Mapping):
        raise SpliceProblem(f"`{dotted(path[:known])}` holds no keys")
    for part in reversed(path[known + 1 :]):
        value = {str(part): value}
    return Insert(path[:known], str(path[known]), value)


def _set(data: Value, path: KeyPath, value: Value) -> Iterator[Step]:
    if has_path(data, path):
        yield from _change(path, value_at(data, path), value)
    else:
        yield insertion(data, path, value)


def _known(data: Value, path: KeyPath) -> int:
    for number, part in enumerate(path):
        if not has_part(data, part):
            return number
        data = data[part]  # type: ignore[index]
    return len(path)


def _change(path: KeyPath, old: Value, new: Value) -> Iterator[Step]:
    if is_same(old, new):
        return
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        yield from _change_keys(path, old, new)
    elif is_list(old) and is_list(new):
        yield from _change_items(path, old, new)
    else:
        yield Replace(path, new)


def _change_keys(path: KeyPath, old: Mapping[str, Value], new: Mapping[str, Value]) -> Iterator[Step]:
    for key, value in new.items():
        if key in old:
            yield from _change((*path, key), old[key], value)
        else:
            yield Insert(path, key, value)
    for key in old:
        if key not in new:
            yield Remove((*path, key))


def _change_items(path: KeyPath, old: Sequence[Value], new: Sequence[Value]) -> Iterator[Step]:
    """Yield steps item by item where that keeps the list's own layout, else one for the whole list."""
    if len(old) == len(new):
        for number, value in enumerate(new):
            yield from _change((*path, number), old[number], value)
        return
    kept = _kept(old, new)
    if not old or not new or not kept:
        yield Replace(path, new)
        return
    for value in new[len(kept) :]:
        yield Append(path, value)
    for number in reversed([number for number in range(len(old)) if number not in kept]):
        yield Remove((*path, number))


def _kept(old: Sequence[Value], new: Sequence[Value]) -> list[int]:
    """Return which old items, in order, make the beginning of the new list; the rest of it is new."""
    kept: list[int] = []
    for number, value in enumerate(old):
        if len(kept) < len(new) and is_same(value, new[len(kept)]):
            kept.append(number)
    return kept
