"""What several stages contribute to one structured file, as one partial document with owners."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from devkit.api.actions import ListRule, Merge
    from devkit.api.values import KeyPath, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """A partial document: its data, the rules of its lists by dotted path, and the owners of each leaf."""

    data: Mapping[str, Value]
    lists: Mapping[str, ListRule]
    owners: Mapping[KeyPath, tuple[str, ...]]

    @property
    def rules_text(self) -> dict[str, str]:
        """The rules as plain text, for the baseline: `set`, or `by KEY`."""
        raise NotImplementedError


def read_rules(texts: Mapping[str, str]) -> dict[str, ListRule]:
    """Return the rules that `Composed.rules_text` wrote; what cannot be read is left out."""
    raise NotImplementedError


def compose(path: str, contributions: Sequence[tuple[str, Merge]]) -> Composed:
    """Return all contributions to `path` as one document; each comes with its owner's name.

    Equal values share ownership; sets and keyed lists are united. Raises `CONTESTED_VALUE`, naming both
    owners and the key, when two contributions differ on a value or on the rule of a list.
    """
    raise NotImplementedError
