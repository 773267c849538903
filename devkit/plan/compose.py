"""What several stages contribute to one structured file, as one partial document with owners."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Never

from msgspec import Struct, field

from devkit.api.actions import KeyedList, SetList
from devkit.errors import CONTESTED_VALUE, PLUGIN_INVALID, DevkitError, Place
from devkit.plan.members import has_identity, identity
from devkit.plan.values import is_list, is_same, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from devkit.api.actions import ListRule, Merge
    from devkit.api.values import KeyPath, Value


class Composed(Struct, frozen=True, kw_only=True):
    """A partial document: its data, the rules of its lists by dotted path, and the owners of each leaf.

    A leaf is a single value, an empty mapping, a whole list, or a member of a list that has a rule; its path
    holds positions in `data`.
    """

    data: Mapping[str, Value]
    lists: Mapping[str, ListRule]
    owners: Mapping[KeyPath, tuple[str, ...]]

    @property
    def rules_text(self) -> dict[str, str]:
        """The rules as plain text, for the baseline: `set`, or `by KEY`."""
        return {
            path: f"by {rule.key}" if isinstance(rule, KeyedList) else "set"
            for path, rule in sorted(self.lists.items())
        }


def read_rules(texts: Mapping[str, str]) -> dict[str, ListRule]:
    """Return the rules that `Composed.rules_text` wrote; what cannot be read is left out."""
    rules: dict[str, ListRule] = {path: SetList() for path, text in texts.items() if text == "set"}
    keyed = {path: text for path, text in texts.items() if text.startswith("by ")}
    return rules | {path: KeyedList(text.removeprefix("by ")) for path, text in keyed.items()}


def compose(path: str, contributions: Sequence[tuple[str, Merge]]) -> Composed:
    """Return all contributions to `path` as one document; each comes with its owner's name.

    Equal values share ownership; sets and keyed lists are united. Raises `CONTESTED_VALUE`, naming both
    owners and the key, when two contributions differ on a value or on the rule of a list, and
    `PLUGIN_INVALID` when a rule does not fit its list.
    """
    composer = _Composer(path=path)
    for owner, merge in contributions:
        composer.owner, composer.rules = owner, merge.lists
        composer.mapping(composer.data, merge.data, (), "")
    rules = {name: rule for _, merge in contributions for name, rule in merge.lists.items()}
    owners = {place: tuple(names) for place, names in composer.owners.items()}
    return Composed(data=composer.data, lists=rules, owners=owners)


class _Composer(Struct, kw_only=True):
    path: str
    data: dict[str, Any] = field(default_factory=dict)
    owners: dict[KeyPath, dict[str, None]] = field(default_factory=dict)
    seen: dict[str, tuple[str, ListRule | None]] = field(default_factory=dict)
    owner: str = ""
    rules: Mapping[str, ListRule] = field(default_factory=dict)

    def mapping(self, into: dict[str, Any], new: Mapping[str, Value], path: KeyPath, name: str) -> None:
        """Lay a mapping of the present contribution over what is there."""
        if not new and path:
            self._own(path)
        for key, value in new.items():
            inner = f"{name}.{key}" if name else key
            self._value(into, key, value, (*path, key), inner)

    def _value(self, into: Any, key: str | int, new: Value, path: KeyPath, name: str) -> None:
        is_new = isinstance(key, str) and key not in into
        if isinstance(new, Mapping):
            old = into.setdefault(key, {}) if isinstance(key, str) else into[key]
            if not isinstance(old, dict):
                self._contested(path)
            self.mapping(old, new, path, name)
        elif is_list(new) and self._rule(name, path) is not None:
            self._list(into, key, new, path, name)
        elif is_new:
            into[key] = plain(new)
            self._own(path)
        elif is_same(into[key], new):
            self._own(path)
        else:
            self._contested(path)

    def _list(self, into: Any, key: str | int, new: Sequence[Value], path: KeyPath, name: str) -> None:
        old = into.setdefault(key, [])
        if not isinstance(old, list):
            self._contested(path)
        if not new:
            self._own(path)
        rule = self.rules[name]
        for item in new:
            if isinstance(rule, KeyedList):
                self._item(old, item, rule.key, path, name)
            else:
                self._own((*path, _position(old, item)))

    def _item(self, old: list[Any], item: Value, key: str, path: KeyPath, name: str) -> None:
        if not has_identity(item, key):
            message = f"{self.owner} gives an item without `{key}` to `{name}` of `{self.path}`"
            raise DevkitError(PLUGIN_INVALID, message, place=Place(path=self.path))
        wanted = identity(item, key)
        at = next((number for number, one in enumerate(old) if identity(one, key) == wanted), len(old))
        if at == len(old):
            old.append({} if isinstance(item, Mapping) else item)
        self._value(old, at, item, (*path, at), name)

    def _rule(self, name: str, path: KeyPath) -> ListRule | None:
        """Return the rule of a list; every contribution to it must have the same."""
        rule = self.rules.get(name)
        owner, known = self.seen.setdefault(name, (self.owner, rule))
        if known != rule:
            self._refuse(owner, path, "treat", "as lists of different kinds")
        return rule

    def _own(self, path: KeyPath) -> None:
        self.owners.setdefault(path, {})[self.owner] = None

    def _contested(self, path: KeyPath) -> Never:
        depth = len(path)
        near = (names for place, names in self.owners.items() if place[:depth] == path or path[: len(place)] == place)
        self._refuse(next((name for names in near for name in names), self.owner), path, "set", "differently")

    def _refuse(self, other: str, path: KeyPath, verb: str, how: str) -> Never:
        key = ".".join(map(str, path))
        message = f"{other} and {self.owner} {verb} `{key}` in `{self.path}` {how}"
        help_text = "leave one of the plugins out with `-p`, or tell their authors"
        raise DevkitError(CONTESTED_VALUE, message, place=Place(path=self.path), help=help_text)


def _position(members: list[Any], item: Value) -> int:
    """Return where a member is in a set; a new one is put at its end."""
    for number, member in enumerate(members):
        if is_same(member, item):
            return number
    members.append(plain(item))
    return len(members) - 1
