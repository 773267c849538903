"""A parser of JSON (RFC 8259) and JSONC that keeps the position of every value and comment."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Never

from msgspec import Struct

from devkit.plan.splice.layout import DEEPEST, line_and_column
from devkit.plan.splice.problems import SyntaxProblem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from devkit.api.values import Value

_SPACE = re.compile(r"[ \t\r\n]*")
_STRING = re.compile(r'"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"')
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")
_WORDS = {"true": True, "false": False, "null": None}


class Child(Struct, frozen=True):
    """A member or an item: where it begins, its key (`None` in a list) and its value."""

    start: int
    key: str | None
    node: Node


class Node(Struct, frozen=True):
    """A value with its span; `children` are those of an object or a list, in the order of the text."""

    start: int
    end: int
    data: Value
    children: Sequence[Child] = ()


def comment_end(text: str, at: int) -> int | None:
    """Return where the comment that begins at a position ends, or `None` when none begins there."""
    if text.startswith("//", at):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        return end - 1 if text[end - 1] == "\r" else end
    if text.startswith("/*", at):
        end = text.find("*/", at + 2)
        return None if end < 0 else end + 2
    return None


class Parser:
    """Reads one text; afterwards `comments` holds the text of each comment in it."""

    def __init__(self, text: str, *, is_strict: bool) -> None:
        self.text = text
        self.is_strict = is_strict
        self.comments: list[str] = []

    def parse(self) -> Node | None:
        """Return the root, or `None` when there is nothing but white space and comments."""
        start = self._skip(0)
        if start == len(self.text):
            return None
        root = self._value(start, 0)
        end = self._skip(root.end)
        if end < len(self.text):
            self._fail(end, "nothing may follow the document")
        return root

    def _fail(self, at: int, message: str) -> Never:
        line, column = line_and_column(self.text, at)
        raise SyntaxProblem(message, line=line, column=column)

    def _skip(self, at: int) -> int:
        while True:
            at = self._space(at)
            end = comment_end(self.text, at)
            if end is None:
                return at
            if self.is_strict:
                self._fail(at, "JSON has no comments")
            self.comments.append(self.text[at:end])
            at = end

    def _space(self, at: int) -> int:
        found = _SPACE.match(self.text, at)
        return found.end() if found else at

    def _value(self, at: int, depth: int) -> Node:
        if depth > DEEPEST:
            self._fail(at, "nested too deeply")
        first = self.text[at : at + 1]
        if first == "{":
            return self._object(at, depth)
        if first == "[":
            return self._list(at, depth)
        return self._scalar(at)

    def _scalar(self, at: int) -> Node:
        if self.text.startswith('"', at):
            return self._string(at)
        for word, value in _WORDS.items():
            if self.text.startswith(word, at):
                return Node(at, at + len(word), value)
        found = _NUMBER.match(self.text, at)
        if found is None:
            self._fail(at, "a value is missing")
        return Node(at, found.end(), self._number(found.group(), at))

    def _number(self, text: str, at: int) -> Value:
        try:
            return int(text) if text.lstrip("-").isdigit() else float(text)
        except ValueError:
            self._fail(at, "the number has too many digits")

    def _string(self, at: int) -> Node:
        found = _STRING.match(self.text, at)
        if found is None:
            self._fail(at, "the text is not ended, or holds a character that must be escaped")
        return Node(at, found.end(), str(json.loads(found.group())))

    def _list(self, start: int, depth: int) -> Node:
        children: list[Child] = []
        at = self._skip(start + 1)
        while not self.text.startswith("]", at):
            node = self._value(at, depth + 1)
            children.append(Child(at, None, node))
            at = self._next(node.end, "]")
        return Node(start, at + 1, [child.node.data for child in children], children)

    def _object(self, start: int, depth: int) -> Node:
        children: list[Child] = []
        data: dict[str, Value] = {}
        at = self._skip(start + 1)
        while not self.text.startswith("}", at):
            child = self._member(at, depth)
            if child.key is None or child.key in data:
                self._fail(at, "the key stands twice")
            data[child.key] = child.node.data
            children.append(child)
            at = self._next(child.node.end, "}")
        return Node(start, at + 1, data, children)

    def _member(self, at: int, depth: int) -> Child:
        if not self.text.startswith('"', at):
            self._fail(at, "a key in double quotes is missing")
        key = self._string(at)
        colon = self._skip(key.end)
        if not self.text.startswith(":", colon):
            self._fail(colon, "a `:` is missing")
        return Child(at, str(key.data), self._value(self._skip(colon + 1), depth + 1))

    def _next(self, end: int, close: str) -> int:
        """Return where the next child begins, or the closing bracket is."""
        at = self._skip(end)
        if self.text.startswith(close, at):
            return at
        if not self.text.startswith(",", at):
            self._fail(at, f"a `,` or `{close}` is missing")
        after = self._skip(at + 1)
        if self.is_strict and self.text.startswith(close, after):
            self._fail(at, "JSON has no comma behind the last one")
        return after
