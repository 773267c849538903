"""Marked blocks in a text that is otherwise the user's."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from devkit.plan.splice.layout import BOM, newline_of
from devkit.plan.splice.problems import SpliceProblem
from devkit.plan.text import merge_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from devkit.api.actions import Block

_MARKER = re.compile(r"^[ \t]*\S*[ \t]*(?:>>> devkit: .+ >>>|<<< devkit: .+ <<<)[ \t]*\S*[ \t]*$")
_CLOSERS = {"<!--": " -->", "/*": " */", "(*": " *)", "{#": " #}"}
_HEAD = re.compile(r"#!|<\?xml|#.*coding[:=]|#\s*(?:syntax|escape|check)=")
"""Lines that count only at the very beginning: shebang, XML declaration, encoding, parser directives of Docker."""


class BlockMerge(Struct, frozen=True, kw_only=True):
    """The text with its block brought up to date; unchanged when both sides changed the block."""

    text: str
    has_conflict: bool = False
    reason: str = ""


def read_block(text: str, name: str) -> str | None:
    """Return the lines between the markers, each ended by a line feed, or `None` when there is no such block.

    Raises `SpliceProblem` when a marker stands twice, or without its partner.
    """
    lines = _lines(text)
    span = _span(lines, name)
    if span is None:
        return None
    return "".join(f"{_bare(line)}\n" for line in lines[span[0] + 1 : span[1]])


def put_block(text: str, block: Block) -> str:
    """Return the text with the block replaced in place, or put at the end (or the top) when it is new.

    Line endings follow the text; a missing final newline stays missing. A new block is set off by one blank
    line. Raises `SpliceProblem` as `read_block` does.
    """
    if text.startswith(BOM):
        return BOM + put_block(text.removeprefix(BOM), block)
    lines, newline = _lines(text), newline_of(text)
    inner = [line + newline for line in _content(block.text).split("\n")[:-1]]
    span = _span(lines, block.name)
    if span is not None:
        return "".join([*lines[: span[0] + 1], *inner, *lines[span[1] :]])
    closer = _CLOSERS.get(block.comment, "")
    begin = f"{block.comment} >>> devkit: {block.name} >>>{closer}{newline}"
    end = f"{block.comment} <<< devkit: {block.name} <<<{closer}{newline}"
    return _placed(lines, [begin, *inner, end], newline, is_top=block.top)


def drop_block(text: str, name: str) -> str:
    """Return the text without the block, as it was before the block was put. Raises as `read_block` does."""
    if text.startswith(BOM):
        return BOM + drop_block(text.removeprefix(BOM), name)
    lines = _lines(text)
    span = _span(lines, name)
    if span is None:
        return text
    before, after = lines[: span[0]], lines[span[1] + 1 :]
    is_ended = lines[-1].endswith("\n")
    if before and not _bare(before[-1]) and (not after or not _bare(after[0])):
        before = before[:-1]
    elif after and not _bare(after[0]):
        after = after[1:]
    kept = "".join([*before, *after])
    return kept if is_ended or after else kept.removesuffix("\n").removesuffix("\r")


def unmark_blocks(text: str) -> str:
    """Return the text without the markers of any block; what stands between them stays, as does a missing newline."""
    kept = "".join(line for line in _lines(text) if _MARKER.match(_bare(line)) is None)
    return kept if text.endswith("\n") or kept == text else _bare(kept)


def merge_block(text: str, name: str, base: str | None, ours: Block | None) -> BlockMerge:
    """Return the text with the block merged three ways.

    `base` is the block's content as devkit gave it last time, `ours` the block it gives now; `None` is no
    block. A block that the user deleted stays deleted; one that the user edited is kept when devkit's did not
    change, and merged line by line when it did; one that the user edited and devkit no longer gives is the
    user's. Raises `SpliceProblem` as `read_block` does.
    """
    theirs = read_block(text, name)
    given = None if base is None else _content(base)
    if ours is None:
        is_given = theirs is not None and theirs == given
        return BlockMerge(text=drop_block(text, name) if is_given else text)
    if theirs is None:
        return BlockMerge(text=put_block(text, ours) if given is None else text)
    return _merged(text, given, ours, theirs)


def _merged(text: str, given: str | None, ours: Block, theirs: str) -> BlockMerge:
    wanted = _content(ours.text)
    if wanted in {theirs, given}:
        return BlockMerge(text=text)
    if given is None:
        reason = f"the block `{ours.name}` is there, and devkit has no record of it"
        return BlockMerge(text=text, has_conflict=True, reason=reason)
    merged = merge_text(given, wanted, theirs)
    if merged.has_conflicts:
        reason = f"you and the generator changed the block `{ours.name}`"
        return BlockMerge(text=text, has_conflict=True, reason=reason)
    return BlockMerge(text=put_block(text, replace(ours, text=merged.text)))


def _placed(lines: Sequence[str], block: Sequence[str], newline: str, *, is_top: bool) -> str:
    at = _head(lines) if is_top else len(lines)
    before, after = list(lines[:at]), list(lines[at:])
    is_ended = not lines or lines[-1].endswith("\n")
    if before and not before[-1].endswith("\n"):
        before[-1] += newline
    blank_before = [newline] if before and not is_top else []
    blank_after = [newline] if after else []
    text = "".join([*before, *blank_before, *block, *blank_after, *after])
    return text if is_ended or after else text.removesuffix(newline)


def _head(lines: Sequence[str]) -> int:
    """Return how many lines must stay at the beginning of the text."""
    count = 0
    while count < len(lines) and _HEAD.match(lines[count]):
        count += 1
    return count


def _span(lines: Sequence[str], name: str) -> tuple[int, int] | None:
    """Return the numbers of the marker lines of a block."""
    begins = [number for number, line in enumerate(lines) if _marks(line, f">>> devkit: {name} >>>")]
    ends = [number for number, line in enumerate(lines) if _marks(line, f"<<< devkit: {name} <<<")]
    if not begins and not ends:
        return None
    if len(begins) != 1 or len(ends) != 1:
        what = "stands twice" if len(begins) > 1 or len(ends) > 1 else "lacks one of its markers"
        raise SpliceProblem(f"the block `{name}` {what}")
    if begins[0] > ends[0] or any(map(_MARKER.match, lines[begins[0] + 1 : ends[0]])):
        raise SpliceProblem(f"the markers of the block `{name}` are out of order")
    return begins[0], ends[0]


def _marks(line: str, marker: str) -> bool:
    return marker in line and _MARKER.match(_bare(line)) is not None


def _lines(text: str) -> list[str]:
    """Return the lines with their endings; only line feeds end a line."""
    return [line for line in re.split(r"(?<=\n)", text) if line]


def _bare(line: str) -> str:
    return line.removesuffix("\n").removesuffix("\r")


def _content(text: str) -> str:
    lines = text.replace("\r\n", "\n").strip("\n")
    return f"{lines}\n" if lines else ""
