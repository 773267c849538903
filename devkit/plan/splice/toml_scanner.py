"""The data of a TOML text, read by tomllib, and the positions of everything in it."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING

from msgspec import Struct, field

from devkit.plan.splice.layout import check_depth, line_end
from devkit.plan.splice.problems import SyntaxProblem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from devkit.api.values import KeyPath, Value

_BLANK = re.compile(r"[ \t\r\n]*")
_KEY = re.compile(r"""[A-Za-z0-9_-]+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'""")
_SCALAR = re.compile(
    r'''"""(?:[^\\]|\\.)*?"{3,5}(?!")|\'\'\'.*?'{3,5}(?!')|"(?:[^"\\\n]|\\.)*"|'[^'\n]*\''''
    r"""|[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:.]+(?:[-+][0-9:]+|[Zz])?|[^\s,\]}#]+""",
    re.DOTALL,
)

_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


def read_data(text: str) -> Value:
    """Return the data of a text. Raises `SyntaxProblem`."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        message = str(problem)
        place = _PLACE.search(message)
        line, column = (place[1], place[2]) if place and place[1] else (text.count("\n") + 1, 1)
        raise SyntaxProblem(_PLACE.sub("", message), line=int(line), column=int(column)) from problem
    except (RecursionError, ValueError) as problem:
        raise SyntaxProblem("the document is nested too deeply, or holds a number with too many digits") from problem
    check_depth(data)
    return data


class Node(Struct, frozen=True):
    """A value with its span; `children` are those of an array or inline table."""

    start: int
    end: int
    children: Sequence[Pair] = ()


class Pair(Struct, frozen=True):
    """A key, as its dotted parts, with its value; an item of an array has no parts."""

    start: int
    keys: tuple[str, ...]
    node: Node


class Section(Struct):
    """A header with the pairs below it; the first section, the root, has none (`start` is -1)."""

    path: KeyPath
    start: int
    end: int
    pairs: list[Pair] = field(default_factory=list)

    @property
    def last(self) -> int:
        """Where the last statement ends."""
        return self.pairs[-1].node.end if self.pairs else self.end


def comment_end(text: str, at: int) -> int | None:
    """Return where the comment that begins at a position ends, or `None` when none begins there."""
    return line_end(text, at) if text.startswith("#", at) else None


class Scanner:
    """Reads one text that `read_data` accepts; afterwards `sections` and `comments` hold what is in it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.comments: list[str] = []
        self.sections = [Section((), -1, 0)]
        self._counts: dict[KeyPath, int] = {}
        at = self._skip(0)
        while at < len(text):
            at = self._skip(self._header(at) if text[at] == "[" else self._statement(at))

    def _skip(self, at: int) -> int:
        while True:
            at = self._blank(at)
            end = comment_end(self.text, at)
            if end is None:
                return at
            self.comments.append(self.text[at:end])
            at = end

    def _blank(self, at: int) -> int:
        found = _BLANK.match(self.text, at)
        return found.end() if found else at

    def _header(self, start: int) -> int:
        is_array = self.text.startswith("[[", start)
        width = 2 if is_array else 1
        keys, end = self._keys(self._blank(start + width))
        end = self.text.index("]", end) + width
        self.sections.append(Section(self._path(keys, is_array=is_array), start, end))
        return end

    def _path(self, keys: Sequence[str], *, is_array: bool) -> KeyPath:
        path: KeyPath = ()
        for number, key in enumerate(keys):
            path = (*path, key)
            if is_array and number == len(keys) - 1:
                self._counts[path] = self._counts.get(path, 0) + 1
            if path in self._counts:
                path = (*path, self._counts[path] - 1)
        return path

    def _statement(self, start: int) -> int:
        pair = self._pair(start)
        self.sections[-1].pairs.append(pair)
        return pair.node.end

    def _pair(self, start: int) -> Pair:
        keys, end = self._keys(start)
        return Pair(start, keys, self._value(self._blank(self.text.index("=", end) + 1)))

    def _keys(self, at: int) -> tuple[tuple[str, ...], int]:
        """Return the parts of a dotted key and the position behind it."""
        keys: list[str] = []
        while found := _KEY.match(self.text, at):
            keys.append(_decoded(found.group()))
            dot = self._blank(found.end())
            if not self.text.startswith(".", dot):
                return tuple(keys), found.end()
            at = self._blank(dot + 1)
        return tuple(keys), at

    def _value(self, at: int) -> Node:
        if self.text[at] in "[{":
            return self._collection(at, "]" if self.text[at] == "[" else "}")
        found = _SCALAR.match(self.text, at)
        return Node(at, found.end() if found else at)

    def _collection(self, start: int, close: str) -> Node:
        children: list[Pair] = []
        at = self._skip(start + 1)
        while not self.text.startswith(close, at):
            child = Pair(at, (), self._value(at)) if close == "]" else self._pair(at)
            children.append(child)
            at = self._skip(child.node.end)
            at = self._skip(at + 1) if self.text.startswith(",", at) else at
        return Node(start, at + 1, children)


def _decoded(key: str) -> str:
    return next(iter(tomllib.loads(f"{key} = 0"))) if key[0] in "\"'" else key
