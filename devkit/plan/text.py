"""The three-way merge of whole texts, line by line."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class TextMerge:
    """The merged text; where both sides changed the same lines it holds theirs.

    `inline` is the same text with both sides between conflict markers.
    """

    text: str
    has_conflicts: bool
    inline: str


def merge_text(base: str, ours: str, theirs: str) -> TextMerge:
    """Return the user's text (`theirs`) with the changes from `base` to `ours` made in it.

    Line endings of the user's text are kept.
    """
    raise NotImplementedError
