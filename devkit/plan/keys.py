"""The three-way merge of keys: what devkit gave last time, what it gives now, and what the user has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from devkit.api.actions import ListRule
    from devkit.api.values import KeyPath, Value
    from devkit.plan.splice.edits import Edit


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyConflict:
    """A key that both sides changed differently; `base` is `None` when devkit never gave the key."""

    path: KeyPath
    base: Value
    ours: Value
    theirs: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyMerge:
    """Edits that bring the user's document up to date, and the next baseline.

    The baseline advances for keys that are resolved, never for those in conflict.
    """

    edits: tuple[Edit, ...]
    conflicts: tuple[KeyConflict, ...]
    baseline: Mapping[str, Value]


def merge_keys(
    base: Mapping[str, Value] | None,
    ours: Value,
    theirs: Value,
    lists: Mapping[str, ListRule],
    ejected: Collection[KeyPath] = (),
) -> KeyMerge:
    """Return how the user's document changes, given what devkit gave last time (`None`: nothing).

    `base` and `ours` hold only devkit's keys. `lists` says which lists are matched member by member, by
    dotted path without positions. `ejected` paths, and all beneath them, are left alone.
    """
    raise NotImplementedError
