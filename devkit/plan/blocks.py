"""Marked blocks in a text that is otherwise the user's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from devkit.api.actions import Block


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockMerge:
    """The text with its block brought up to date; unchanged when both sides changed the block."""

    text: str
    has_conflict: bool = False
    reason: str = ""


def read_block(text: str, name: str) -> str | None:
    """Return the lines between the markers, with `\\n` at their ends, or `None` when there is no such block.

    Raises `SpliceProblem` when a marker stands twice, or without its partner.
    """
    raise NotImplementedError


def put_block(text: str, block: Block) -> str:
    """Return the text with the block replaced in place, or put at the end (or the top) when it is new.

    Line endings follow the text. Raises `SpliceProblem` as `read_block` does.
    """
    raise NotImplementedError


def drop_block(text: str, name: str) -> str:
    """Return the text without the block, as it was before the block was put. Raises as `read_block` does."""
    raise NotImplementedError


def merge_block(text: str, name: str, base: str | None, ours: Block | None) -> BlockMerge:
    """Return the text with the block merged three ways.

    `base` is the block's content as devkit gave it last time, `ours` the block it gives now; `None` is no
    block. A block that the user deleted stays deleted; one that the user edited is kept when devkit's did not
    change, and merged line by line when it did. Raises `SpliceProblem` as `read_block` does.
    """
    raise NotImplementedError
