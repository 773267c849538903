"""Items of lists that are told apart by a key: their names, and which of the user's is meant."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from devkit.plan.values import Absent, is_list, is_same

if TYPE_CHECKING:
    from collections.abc import Sequence

    from devkit.api.values import Value


def identity(item: Value, key: str) -> str:
    """Return the name by which an item is known; one without the key is known by all it holds.

    The short forms of Compose files have their keys too: `8000:80/tcp` has the `target` 80, and `MODE=fast`
    the `name` MODE.
    """
    if isinstance(item, Mapping) and key in item:
        return str(item[key])
    if isinstance(item, str) and key == "target":
        return item.rpartition(":")[2].partition("/")[0]
    if isinstance(item, str) and key == "name":
        return item.partition("=")[0]
    return f"\0{item!r}"


def has_identity(item: Value, key: str) -> bool:
    """Return whether an item has a name of its own."""
    return not identity(item, key).startswith("\0")


def matching(items: Sequence[Value], key: str, wanted: Value | Absent) -> int | None:
    """Return the position of the item that has the name of `wanted`, or `None`.

    Of several, such as the `local` repositories of pre-commit, it is the one that shares most with it.
    """
    if isinstance(wanted, Absent):
        return None
    name = identity(wanted, key)
    found = [number for number, item in enumerate(items) if identity(item, key) == name]
    return max(found, key=lambda number: _likeness(items[number], wanted), default=None)


def _likeness(item: Value, wanted: Value) -> int:
    """Return how many single values two values share."""
    if isinstance(item, Mapping) and isinstance(wanted, Mapping):
        return sum(_likeness(value, wanted[key]) for key, value in item.items() if key in wanted)
    if is_list(item) and is_list(wanted):
        return sum(max((_likeness(one, other) for other in wanted), default=0) for one in item)
    return int(is_same(item, wanted))
