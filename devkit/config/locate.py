"""Finds keys in TOML text: the line and column at which each is written.

Read only when a place is to be shown, so that a run without errors never pays for it. The text has been parsed
before; on any other text the answer is whatever was recognised.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING

from msgspec import Struct, field

from devkit.config.text import MOST_LEVELS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from devkit.api.values import KeyPath

_TOKEN = re.compile(
    r"""
    (?P<space>[ \t\r]+|\#[^\n]*)
    |(?P<line>\n)
    |(?P<string>\"{3}(?:\\.|[^\\])*?(?:\"{3,5}|\\?\Z)|'{3}.*?(?:'{3,5}|\Z)|\"(?:\\[^\n]|[^"\\\n])*+\"?|'[^'\n]*+'?)
    |(?P<sign>[][{}=,.])
    |(?P<bare>[^]\s[{}=,.\#"']+|.)
    """,
    re.VERBOSE | re.DOTALL,
)


class Span(Struct, frozen=True):
    """Where a key stands in a text: the offset of its first character, and its length."""

    start: int
    width: int


def spans(text: str) -> dict[KeyPath, Span]:
    """Return where each key of a TOML text is first written, tables included; array items count from 0."""
    scanner = _Scanner()
    for kind, start, piece in _tokens(text):
        scanner.take(kind, start, piece)
    return scanner.found


class Lines:
    """The lines of a text, by offset and by number (from 1)."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]

    def position(self, offset: int) -> tuple[int, int]:
        """Return line and column of an offset, both counted from 1."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def text(self, line: int) -> str:
        """Return a line without its end; empty when there is none."""
        if not 0 < line <= len(self._starts):
            return ""
        end = self._starts[line] if line < len(self._starts) else len(self._text)
        return self._text[self._starts[line - 1] : end].removesuffix("\n").removesuffix("\r")


def deepest_bracket(text: str) -> int:
    """Return the offset of the first bracket more than `MOST_LEVELS` deep, else of the deepest one."""
    depth = deepest = offset = 0
    for kind, start, piece in _tokens(text):
        if kind == "sign":
            depth += (piece in "[{") - (piece in "]}")
            if depth > deepest:
                deepest, offset = depth, start
            if depth > MOST_LEVELS:
                break
    return offset


def endless_key(text: str) -> int | None:
    """Return the offset of a key of more parts than `MOST_LEVELS`, or `None`."""
    dots = 0
    for kind, start, piece in _tokens(text):
        if piece in "[]{}=,\n":
            dots = 0
        dots += piece == "." and kind == "sign"
        if dots >= MOST_LEVELS:
            return start
    return None


def _tokens(text: str) -> Iterator[tuple[str, int, str]]:
    for match in _TOKEN.finditer(text):
        if match.lastgroup != "space" and match.lastgroup:
            yield match.lastgroup, match.start(), match[0]


class _Open(Struct):
    """A container that is being read: the document or a table, or an array with the position in it."""

    path: KeyPath
    index: int | None = None


class _Scanner(Struct):
    """Follows TOML from token to token; a stack instead of recursion, so that nesting cannot exhaust it."""

    found: dict[KeyPath, Span] = field(default_factory=dict)
    _stack: list[_Open] = field(default_factory=lambda: [_Open(())])
    _parts: list[tuple[str, Span]] = field(default_factory=list)
    _arrays: dict[KeyPath, int] = field(default_factory=dict)
    _value: KeyPath = ()
    _is_key: bool = True
    _brackets: int = 0

    def take(self, kind: str, start: int, piece: str) -> None:
        """Read one token."""
        if piece == "\n":
            self._end_line()
        elif kind == "sign" and piece in "[]" and self._is_key and len(self._stack) == 1:
            self._bracket(piece)
        elif kind == "sign":
            self._sign(piece)
        elif self._is_key:
            self._parts.append((_name(piece), Span(start, len(piece))))

    def _end_line(self) -> None:
        if len(self._stack) == 1:
            self._is_key, self._brackets = True, 0
            self._parts.clear()

    def _bracket(self, piece: str) -> None:
        """A bracket of a table header."""
        if piece == "[":
            self._brackets += 1
        elif self._parts:
            self._open_table(is_array=self._brackets > 1)
            self._is_key = False

    def _open_table(self, *, is_array: bool) -> None:
        path = self._record((), follow=not is_array)
        if is_array:
            self._arrays[path] = self._arrays.get(path, -1) + 1
            path = (*path, self._arrays[path])
        self._stack[0] = _Open(path)

    def _record(self, path: KeyPath, *, follow: bool = False) -> KeyPath:
        """Note the parts of a key below `path`; return the path it names, within the last items of arrays."""
        for number, (name, span) in enumerate(self._parts, 1):
            path = (*path, name)
            self.found.setdefault(path, span)
            if path in self._arrays and (follow or number < len(self._parts)):
                path = (*path, self._arrays[path])
        self._parts.clear()
        return path

    def _sign(self, piece: str) -> None:
        here = self._stack[-1]
        if piece == "=":
            self._value = self._record(here.path)
            self._is_key = False
        elif piece in "[{":
            path = self._value if here.index is None else (*here.path, here.index)
            self._stack.append(_Open(path, 0 if piece == "[" else None))
            self._is_key = piece == "{"
        elif piece == ",":
            self._next(here)
        elif piece in "]}" and len(self._stack) > 1:
            self._stack.pop()
            self._is_key = False

    def _next(self, here: _Open) -> None:
        if here.index is not None:
            here.index += 1
        elif len(self._stack) > 1:
            self._is_key = True
            self._parts.clear()


def _name(piece: str) -> str:
    if piece[:1] == '"' and "\\" in piece:
        import tomllib

        return str(tomllib.loads(f"key = {piece}")["key"])
    return piece[1:-1] if piece[:1] in {'"', "'"} else piece
