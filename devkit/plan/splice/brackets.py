"""Lists between brackets, as TOML, JSON and YAML's flow style share them: adding to them and taking out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

from devkit.plan.splice.layout import indent_at, is_first_in_line, line_end, next_line

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class Write(Protocol):
    """Writes a child."""

    def __call__(self, indent: str, *, is_spread: bool) -> str:
        """Return the child's text, given the indentation of its line and whether that line is its own."""


class Box(Struct, frozen=True, kw_only=True):
    """A bracketed list: from its opening bracket to behind its closing one, with the spans of its children.

    `comment_end` returns where the comment that begins at a position ends, or `None` when none begins there.
    `unit` is one step of indentation, `gap` what follows a comma in a line, `pad` what surrounds a single
    child; `opens` says whether a first child gets a line of its own, `trails` whether a comma follows it then.
    """

    text: str
    start: int
    end: int
    children: Sequence[tuple[int, int]]
    comment_end: Callable[[str, int], int | None]
    newline: str
    unit: str = "  "
    gap: str = " "
    pad: str = ""
    opens: bool = False
    trails: bool = False

    @property
    def is_spread(self) -> bool:
        """Whether the last child begins on a line of its own."""
        before = self.children[-2][1] if len(self.children) > 1 else self.start + 1
        return "\n" in self.text[before : self.children[-1][0]]

    def comma(self, number: int) -> int | None:
        """Return where the comma behind a child is, or `None`."""
        at = self._behind(self.children[number][1])
        return at if self.text[at] == "," else None

    def comments(self, start: int, end: int) -> list[tuple[int, int]]:
        """Return the spans of the comments between two positions that lie outside of children."""
        found = []
        while start < end:
            stop = self.comment_end(self.text, start)
            if stop is not None:
                found.append((start, stop))
            start = stop or start + 1
        return found

    def _behind(self, at: int) -> int:
        while at < self.end - 1:
            stop = self.comment_end(self.text, at)
            if stop is None and not self.text[at].isspace():
                break
            at = stop or at + 1
        return at


def add_child(box: Box, write: Write) -> str:
    """Return the text with a child behind the last one, in the layout of the list."""
    if not box.children:
        return _add_first(box, write)
    last_start, last_end = box.children[-1]
    comma = box.comma(len(box.children) - 1)
    behind = last_end if comma is None else comma + 1
    if not box.is_spread:
        new = box.gap + write(indent_at(box.text, last_start), is_spread=False)
        new = f",{new}" if comma is None else f"{new},"
        return box.text[:behind] + new + box.text[behind:]
    indent = indent_at(box.text, last_start)
    at = _line_tail(box, behind)
    new = box.newline + indent + write(indent, is_spread=True)
    if comma is None:
        return f"{box.text[:last_end]},{box.text[last_end:at]}{new}{box.text[at:]}"
    return f"{box.text[:at]}{new},{box.text[at:]}"


def _line_tail(box: Box, at: int) -> int:
    """Return the end of the comments that follow a position in its line."""
    end = min(line_end(box.text, at), box.end - 1)
    found = box.comments(at, end)
    return found[-1][1] if found else at


def _add_first(box: Box, write: Write) -> str:
    text, inner, close = box.text, box.start + 1, box.end - 1
    found = box.comments(inner, close)
    if not found and not box.opens:
        return f"{text[:inner]}{box.pad}{write(indent_at(text, box.start), is_spread=False)}{box.pad}{text[close:]}"
    newline = box.newline
    outer = indent_at(text, close if is_first_in_line(text, close) else box.start)
    child = newline + outer + box.unit + write(outer + box.unit, is_spread=True) + ("," if box.trails else "")
    at = found[-1][1] if found else inner
    rest = text[at:close] if found and "\n" in text[at:close] else newline + outer
    return text[:at] + child + rest + text[close:]


def drop_child(box: Box, number: int) -> str:
    """Return the text without a child; a comment behind it in its line gets the line for itself."""
    start, end = box.children[number]
    comma = box.comma(number)
    stop = end if comma is None else comma + 1
    if len(box.children) == 1 and not box.comments(box.start + 1, start) and not box.comments(end, box.end - 1):
        return box.text[: box.start + 1] + box.text[box.end - 1 :]
    if _has_own_lines(box, start, stop):
        return _drop_lines(box, number, stop)
    if number + 1 < len(box.children):
        return box.text[:start] + box.text[box.children[number + 1][0] :]
    before = _end_before(box, number, keeps_comma=comma is not None)
    return box.text[:before] + box.text[stop:]


def _has_own_lines(box: Box, start: int, stop: int) -> bool:
    tail = _line_tail(box, stop)
    return is_first_in_line(box.text, start) and not box.text[tail : line_end(box.text, tail)].strip()


def _end_before(box: Box, number: int, *, keeps_comma: bool) -> int:
    if number == 0:
        return box.children[0][0]
    comma = box.comma(number - 1)
    return comma + 1 if keeps_comma and comma is not None else box.children[number - 1][1]


def _drop_lines(box: Box, number: int, stop: int) -> str:
    text, start = box.text, box.children[number][0]
    tail = box.text[stop : line_end(text, _line_tail(box, stop))].strip()
    line = start - len(indent_at(text, start))
    kept = f"{indent_at(text, start)}{tail}{box.newline}" if tail else ""
    rest = kept + text[next_line(text, _line_tail(box, stop)) :]
    comma = box.comma(number - 1) if number and number + 1 == len(box.children) else None
    if comma is not None and box.comma(number) is None:
        return text[:comma] + text[comma + 1 : line] + rest
    return text[:line] + rest
