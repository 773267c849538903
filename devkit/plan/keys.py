"""The three-way merge of keys: what devkit gave last time, what it gives now, and what the user has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from msgspec import Struct, field

from devkit.api.actions import KeyedList
from devkit.plan.members import identity, matching
from devkit.plan.splice.edits import AddItem, DropKey, Edit, SetKey
from devkit.plan.values import ABSENT, Absent, is_list, is_same, plain

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from devkit.api.actions import ListRule
    from devkit.api.values import KeyPath, Value

    Found = Value | Absent


class KeyConflict(Struct, frozen=True, kw_only=True):
    """A key that both sides changed differently; `base` is `None` when devkit never gave the key.

    `ours` is `None` as well when devkit no longer gives it.
    """

    path: KeyPath
    base: Value
    ours: Value
    theirs: Value


class KeyMerge(Struct, frozen=True, kw_only=True):
    """Edits that bring the user's document up to date, and the next baseline.

    The baseline advances for keys that are resolved, never for those in conflict.
    """

    edits: tuple[Edit, ...]
    conflicts: tuple[KeyConflict, ...]
    baseline: Mapping[str, Value]


def merge_keys(
    base: Value,
    ours: Value,
    theirs: Value,
    lists: Mapping[str, ListRule],
    ejected: Collection[KeyPath] = (),
) -> KeyMerge:
    """Return how the user's document changes, given what devkit gave last time (`None`: nothing).

    `base` and `ours` hold only devkit's keys. `lists` says which lists are matched member by member, by
    dotted path without positions. `ejected` paths, and all beneath them, are left alone; an item of a keyed
    list is named in them by its key's value.
    """
    merger = _Merger(lists=lists, ejected=frozenset(map(_dotted, ejected)))
    baseline = merger.merge(_Where((), (), ""), ABSENT if base is None else base, ours, theirs)
    return KeyMerge(
        edits=tuple(merger.edits),
        conflicts=tuple(merger.conflicts),
        baseline=baseline if isinstance(baseline, Mapping) else {},
    )


class _Where(Struct, frozen=True):
    """A place in three notations: positions in the user's text, the user's name for it, the rules' name."""

    path: KeyPath
    name: KeyPath
    rule: str

    def key(self, key: str) -> _Where:
        return _Where((*self.path, key), (*self.name, key), f"{self.rule}.{key}" if self.rule else key)

    def item(self, position: int, name: str | int) -> _Where:
        return _Where((*self.path, position), (*self.name, name), self.rule)


class _Merger(Struct, kw_only=True):
    lists: Mapping[str, ListRule]
    ejected: frozenset[str]
    edits: list[Edit] = field(default_factory=list)
    conflicts: list[KeyConflict] = field(default_factory=list)

    def merge(self, where: _Where, base: Found, ours: Found, theirs: Found) -> Found:
        """Merge one place, note edits and conflicts, and return its next baseline."""
        if _dotted(where.name) in self.ejected:
            return base
        if isinstance(ours, Absent):
            return ABSENT if isinstance(base, Absent) else self._given_up(where, base, theirs)
        if isinstance(theirs, Absent):
            return self._missing(where, base, ours)
        if not isinstance(base, Absent) and is_same(base, ours):
            return plain(ours)
        return self._both(where, base, ours, theirs)

    def _missing(self, where: _Where, base: Found, ours: Value) -> Found:
        """Merge what the user has not: new when devkit never gave it, else deleted, which it stays."""
        if isinstance(ours, Mapping) and (self._is_ejected_below(where) or _is_namespace(base)):
            return self._mappings(where, base if isinstance(base, Mapping) else {}, ours, {})
        if isinstance(base, Absent):
            self.edits.append(SetKey(where.path, plain(ours)))
        return plain(ours)

    def _given_up(self, where: _Where, base: Value, theirs: Found) -> Found:
        """Merge what devkit no longer gives: what is still as it was given goes, the rest is the user's."""
        if isinstance(theirs, Absent):
            return ABSENT
        if is_same(base, theirs) and not self._is_ejected_below(where):
            self.edits.append(DropKey(where.path))
            return ABSENT
        before = len(self.edits)
        rule = self.lists.get(where.rule)
        if isinstance(base, Mapping) and isinstance(theirs, Mapping):
            rest: Value = self._mappings(where, base, {}, theirs)
        elif rule is not None and is_list(base) and is_list(theirs):
            rest = self._members(where, rule, base, [], theirs)
        else:
            return ABSENT
        self._fold(where, before, theirs)
        return rest or ABSENT

    def _both(self, where: _Where, base: Found, ours: Value, theirs: Value) -> Found:
        """Merge what devkit changed, or gives for the first time, and the user has."""
        if is_same(ours, theirs):
            return plain(ours)
        if isinstance(ours, Mapping) and isinstance(theirs, Mapping):
            return self._mappings(where, base if isinstance(base, Mapping) else {}, ours, theirs)
        rule = self.lists.get(where.rule)
        if rule is not None and is_list(ours) and is_list(theirs):
            return self._members(
                where, rule, base if not isinstance(base, Absent) and is_list(base) else [], ours, theirs
            )
        if not isinstance(base, Absent) and is_same(base, theirs):
            self.edits.append(SetKey(where.path, plain(ours)))
            return plain(ours)
        before = None if isinstance(base, Absent) else base
        self.conflicts.append(KeyConflict(path=where.path, base=before, ours=ours, theirs=theirs))
        return base

    def _mappings(
        self, where: _Where, base: Mapping[str, Value], ours: Mapping[str, Value], theirs: Mapping[str, Value]
    ) -> Mapping[str, Value]:
        merged = {
            key: self.merge(where.key(key), base.get(key, ABSENT), ours.get(key, ABSENT), theirs.get(key, ABSENT))
            for key in dict.fromkeys((*ours, *base))
        }
        return {key: value for key, value in merged.items() if not isinstance(value, Absent)}

    def _members(
        self, where: _Where, rule: ListRule, base: Sequence[Value], ours: Sequence[Value], theirs: Sequence[Value]
    ) -> Sequence[Value]:
        if isinstance(rule, KeyedList):
            return self._keyed(where, rule.key, base, ours, theirs)
        self.edits += [AddItem(where.path, plain(item)) for item in _without(ours, [*base, *theirs])]
        gone = _without(base, ours)
        self.edits += [
            DropKey((*where.path, position))
            for position, item in enumerate(theirs)
            if any(is_same(item, other) for other in gone)
        ]
        return [plain(item) for item in ours]

    def _keyed(
        self, where: _Where, key: str, base: Sequence[Value], ours: Sequence[Value], theirs: Sequence[Value]
    ) -> Sequence[Value]:
        given = {identity(item, key): item for item in base}
        wanted = {identity(item, key): item for item in ours}
        merged = []
        for name in dict.fromkeys((*wanted, *given)):
            before, now = given.get(name, ABSENT), wanted.get(name, ABSENT)
            position = matching(theirs, key, before if isinstance(now, Absent) else now)
            inner = where.item(len(theirs) if position is None else position, name)
            there = ABSENT if position is None else theirs[position]
            merged.append(self._item(inner, before, now, there))
        return [item for item in merged if not isinstance(item, Absent)]

    def _item(self, where: _Where, base: Found, ours: Found, theirs: Found) -> Found:
        if isinstance(theirs, Absent):
            if isinstance(base, Absent) and not isinstance(ours, Absent) and _dotted(where.name) not in self.ejected:
                self.edits.append(AddItem(where.path[:-1], plain(ours)))
            return ours
        if isinstance(ours, Absent):
            return self._given_up_item(where, base, theirs)
        return self.merge(where, base, ours, theirs)

    def _given_up_item(self, where: _Where, base: Found, theirs: Value) -> Found:
        """Take the whole item out, or, when the user made it their own, only what is in lists within it."""
        before = len(self.edits)
        rest = self.merge(where, base, ABSENT, theirs)
        if DropKey(where.path) not in self.edits[before:]:
            depth = len(where.path) + 1
            self.edits[before:] = [edit for edit in self.edits[before:] if len(edit.path) > depth]
        return rest

    def _fold(self, where: _Where, before: int, theirs: Value) -> None:
        """Make one drop of a mapping or list out of the drops of all that is in it."""
        parts = theirs if isinstance(theirs, Mapping) else range(len(theirs)) if is_list(theirs) else ()
        dropped = {edit.path for edit in self.edits[before:] if isinstance(edit, DropKey)}
        if where.path and parts and all((*where.path, part) in dropped for part in parts):
            self.edits[before:] = [DropKey(where.path)]

    def _is_ejected_below(self, where: _Where) -> bool:
        above = f"{_dotted(where.name)}." if where.name else ""
        return any(name.startswith(above) for name in self.ejected)


def _dotted(name: KeyPath) -> str:
    """Return a name as users write it; a key may hold dots itself, as addresses and file names do."""
    return ".".join(map(str, name))


def _is_namespace(base: Found) -> bool:
    """Return whether a mapping holds only mappings: that it is gone says nothing about its other keys."""
    return isinstance(base, Mapping) and bool(base) and all(isinstance(value, Mapping) for value in base.values())


def _without(items: Sequence[Value], others: Sequence[Value]) -> list[Value]:
    return [item for item in items if not any(is_same(item, other) for other in others)]
