"""JSON and JSONC documents: steps at the positions of our own parser."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from msgspec import Struct

from devkit.plan.splice.brackets import Box, add_child, drop_child
from devkit.plan.splice.json_parser import Node, Parser, comment_end
from devkit.plan.splice.layout import indent_at, is_first_in_line
from devkit.plan.splice.problems import SpliceProblem
from devkit.plan.values import is_list

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from devkit.api.values import KeyPath, Value

_WIDTH = 80
_SURROGATE = re.compile("[\ud800-\udfff]")


class Style(Struct, frozen=True, kw_only=True):
    """How a document is laid out: one step of indentation, and what is written between tokens of a line."""

    unit: str
    colon: str
    pad: str
    newline: str
    is_flat: bool
    has_short_lists: bool

    @property
    def gap(self) -> str:
        """What follows a comma within a line."""
        return "" if self.colon == ":" else " "


class JsonDocument:
    """A JSON document, or with comments and trailing commas a JSONC one; `newline` ends new lines."""

    def __init__(self, text: str, *, newline: str, is_strict: bool) -> None:
        parser = Parser(text, is_strict=is_strict)
        self._text = text
        self._root = parser.parse()
        self._style = _style(text, self._root, newline)
        self.comments: Sequence[str] = parser.comments
        self.data: Value = self._root.data if self._root else {}

    def replace(self, path: KeyPath, value: Value) -> str:
        """Return the text with another value at the path."""
        node = self._node(path)
        old = self._text[node.start : node.end]
        is_spread = bool(path) and self._box(path[:-1]).is_spread and ("\n" in old or not node.children)
        new = _written(value, indent_at(self._text, node.start), self._style, is_spread=is_spread or not path)
        return self._text[: node.start] + new + self._text[node.end :]

    def insert(self, path: KeyPath, key: str, value: Value) -> str:
        """Return the text with a new key in the object at the path."""
        if self._root is None:
            return self._first(key, value)
        colon = self._style.colon
        return add_child(
            self._box(path),
            lambda indent, *, is_spread: (
                _quoted(key) + colon + _written(value, indent, self._style, is_spread=is_spread)
            ),
        )

    def append(self, path: KeyPath, value: Value) -> str:
        """Return the text with a new item at the end of the list at the path."""
        return add_child(
            self._box(path),
            lambda indent, *, is_spread: _written(value, indent, self._style, is_spread=is_spread),
        )

    def remove(self, path: KeyPath) -> str:
        """Return the text without the key or item at the path."""
        if not path:
            raise SpliceProblem("the document itself cannot be taken out")
        return drop_child(self._box(path[:-1]), self._number(self._node(path[:-1]), path[-1]))

    def find(self, path: KeyPath) -> int | None:
        """Return the position of a key or item, or `None` when there is none."""
        try:
            parent = self._node(path[:-1])
            return parent.children[self._number(parent, path[-1])].start if path else parent.start
        except SpliceProblem:
            return None

    def _first(self, key: str, value: Value) -> str:
        head = self._text.rstrip()
        newline = self._style.newline
        new = _written({key: value}, "", self._style, is_spread=True)
        return f"{head}{newline if head else ''}{new}{newline}"

    def _node(self, path: KeyPath) -> Node:
        if self._root is None:
            raise SpliceProblem("the document is empty")
        node = self._root
        for part in path:
            node = node.children[self._number(node, part)].node
        return node

    def _number(self, node: Node, part: str | int) -> int:
        for number, child in enumerate(node.children):
            if (number if child.key is None else child.key) == part:
                return number
        raise SpliceProblem(f"there is no `{part}`")

    def _box(self, path: KeyPath) -> Box:
        node, style = self._node(path), self._style
        return Box(
            text=self._text,
            start=node.start,
            end=node.end,
            children=[(child.start, child.node.end) for child in node.children],
            comment_end=comment_end,
            newline=style.newline,
            unit=style.unit,
            gap=style.gap,
            pad=style.pad if self._text[node.start] == "{" else "",
            opens=not style.is_flat and not (is_list(node.data) and style.has_short_lists),
        )


def _style(text: str, root: Node | None, newline: str) -> Style:
    nodes = list(_collections(root)) if root else []
    inline = [node for node in nodes if "\n" not in text[node.start : node.children[0].start]]
    objects = [node for node in inline if text[node.start] == "{"]
    return Style(
        unit=next((unit for node in nodes if (unit := _unit(text, node))), "  "),
        colon=next((_colon(text, node) for node in nodes if text[node.start] == "{"), ": "),
        pad=" " if objects and text[objects[0].start + 1] == " " else "",
        newline=newline,
        is_flat=bool(inline) and inline[0] is root,
        has_short_lists=_has_short_lists(text, nodes),
    )


def _collections(node: Node) -> Iterator[Node]:
    """Yield the objects and lists that hold something, outer ones first."""
    if node.children:
        yield node
    for child in node.children:
        yield from _collections(child.node)


def _unit(text: str, node: Node) -> str:
    first = node.children[0].start
    outer, inner = indent_at(text, node.start), indent_at(text, first)
    is_deeper = is_first_in_line(text, first) and inner.startswith(outer) and inner != outer
    return inner[len(outer) :] if is_deeper else ""


def _colon(text: str, node: Node) -> str:
    start = node.children[0].start
    between = text[start : node.children[0].node.start]
    return ":" if between.rstrip().endswith(":") and not between[-1].isspace() else ": "


def _has_short_lists(text: str, nodes: Sequence[Node]) -> bool:
    lists = [
        node for node in nodes if text[node.start] == "[" and not any(child.node.children for child in node.children)
    ]
    short = [node for node in lists if "\n" not in text[node.start : node.end]]
    return len(short) > len(lists) - len(short)


def _quoted(text: str) -> str:
    return _SURROGATE.sub(lambda found: f"\\u{ord(found.group()):04x}", json.dumps(text, ensure_ascii=False))


def _written(value: Value, indent: str, style: Style, *, is_spread: bool) -> str:
    if isinstance(value, Mapping):
        parts = [
            _quoted(str(key)) + style.colon + _written(item, indent + style.unit, style, is_spread=is_spread)
            for key, item in value.items()
        ]
        return _joined(parts, "{}", indent, style, is_spread=is_spread)
    if is_list(value):
        parts = [_written(item, indent + style.unit, style, is_spread=is_spread) for item in value]
        is_short = style.has_short_lists and not any("\n" in part for part in parts) and sum(map(len, parts)) < _WIDTH
        return _joined(parts, "[]", indent, style, is_spread=is_spread and not is_short)
    if isinstance(value, float) and not math.isfinite(value):
        raise SpliceProblem(f"JSON has no way to write {value}")
    if value is None or isinstance(value, bool | int | float):
        return json.dumps(value)
    if not isinstance(value, str):
        raise SpliceProblem(f"JSON has no way to write {value}")
    return _quoted(value)


def _joined(parts: Sequence[str], brackets: str, indent: str, style: Style, *, is_spread: bool) -> str:
    opening, closing = brackets[0], brackets[1]
    if not parts:
        return brackets
    if not is_spread:
        pad = style.pad if opening == "{" else ""
        return opening + pad + f",{style.gap}".join(parts) + pad + closing
    inner = style.newline + indent + style.unit
    return opening + inner + f",{inner}".join(parts) + style.newline + indent + closing
