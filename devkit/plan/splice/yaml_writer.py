"""YAML text for new keys, values and items, in the layout of the document around them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING

from msgspec import Struct

from devkit.plan.splice.layout import line_start
from devkit.plan.splice.yaml_scalars import literal_text, scalar_text
from devkit.plan.values import is_list

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from devkit.api.values import Value
    from devkit.plan.splice.yaml_nodes import Node

_WIDTH = 80


class Style(Struct, frozen=True, kw_only=True):
    """How a document is laid out.

    `unit` is one step of a mapping's indentation, `dash` how far a list stands in from its key, `item` how
    far an item's content stands in from its dash.
    """

    unit: int = 2
    dash: int = 2
    item: int = 2
    quote: str = '"'
    newline: str = "\n"
    pad: str = ""
    has_flow_lists: bool = False
    has_literals: bool = True
    null: str = ""

    def behind_key(self, value: Value, column: int) -> str:
        """Return what follows the `:` of a key at a column."""
        if isinstance(value, Mapping) and value:
            return self.newline + self.mapping(value, column + self.unit)
        if is_list(value) and value and not self._is_flow(value):
            return self.newline + self.sequence(value, column + self.dash)
        if value is None:
            return self.null
        return f" {self.single(value, column)}"

    def behind_dash(self, value: Value, column: int, item: int = 0) -> str:
        """Return what follows the `-` of an item whose dash is at a column; `item` may override the style's."""
        item = item or self.item
        gap = " " * (item - 1)
        if isinstance(value, Mapping) and value:
            return gap + self.mapping(value, column + item).lstrip(" ")
        if is_list(value) and value and not self._is_flow(value):
            return gap + self.sequence(value, column + item).lstrip(" ")
        return gap + self.single(value, column)

    def mapping(self, value: Mapping[str, Value], column: int) -> str:
        """Return the lines of a mapping whose keys are at a column."""
        return self.newline.join(
            f"{' ' * column}{self.key(key)}:{self.behind_key(item, column)}" for key, item in value.items()
        )

    def sequence(self, value: Sequence[Value], column: int) -> str:
        """Return the lines of a list whose dashes are at a column."""
        return self.newline.join(f"{' ' * column}-{self.behind_dash(item, column)}" for item in value)

    def key(self, key: object, *, is_flow: bool = False) -> str:
        """Return a key, quoted where it must be."""
        return scalar_text(str(key), quote=self.quote, is_flow=is_flow)

    def single(self, value: Value, column: int) -> str:
        """Return a value that begins on the line of its key or dash, which is at a column."""
        if isinstance(value, Mapping) or is_list(value):
            return self.flow(value)
        literal = literal_text(value, " " * (column + self.unit), self.newline) if self.has_literals else None
        return literal or scalar_text(value, quote=self.quote)

    def flow(self, value: Value) -> str:
        """Return a value in flow style."""
        if isinstance(value, Mapping):
            pairs = [f"{self.key(key, is_flow=True)}: {self.flow(item)}" for key, item in value.items()]
            return f"{{{self.pad}{', '.join(pairs)}{self.pad}}}" if pairs else "{}"
        if is_list(value):
            return f"[{', '.join(map(self.flow, value))}]"
        return scalar_text(value, quote=self.quote, is_flow=True)

    def _is_flow(self, value: Sequence[Value]) -> bool:
        is_simple = not any(isinstance(item, Mapping) or is_list(item) for item in value)
        return self.has_flow_lists and is_simple and len(self.flow(value)) <= _WIDTH


def style_of(text: str, root: Node | None, newline: str) -> Style:
    """Return the style that most of a document is written in, or the usual one."""
    nodes = list(_nodes(root)) if root else []
    children = [(node, child.node, child.start) for node in nodes for child in node.children if node.is_block]
    first = _First(text)
    units = (
        first.column(inner) - first.column(outer) for outer, inner, _ in children if _are(outer, inner, "mapping")
    )
    dashes = (
        first.column(inner) - first.column(outer) for outer, inner, _ in children if _are(outer, inner, "sequence")
    )
    items = (first.gap(inner, start) for outer, inner, start in children if outer.kind == "sequence")
    quotes = [node.style for node in nodes if node.style in {"'", '"'}]
    lists = [node.is_block for node in nodes if node.kind == "sequence" and _is_simple(node)]
    nulls = [text[node.start : node.end] for node in nodes if node.data is None and not node.style]
    flow = next((node for node in nodes if node.style == "{" and node.children), None)
    return Style(
        unit=_usual(unit for unit in units if unit > 0),
        dash=_usual(dash for dash in dashes if dash >= 0),
        item=_usual(item for item in items if item > 1),
        quote="'" if quotes.count("'") > quotes.count('"') else '"',
        newline=newline,
        pad=" " if flow and text[flow.start + 1 : flow.start + 2] == " " else "",
        null=f" {nulls[0]}" if nulls and nulls[0] in {"null", "~"} else "",
        has_flow_lists=lists.count(False) > lists.count(True),
    )


class _First(Struct, frozen=True):
    """Columns in a text."""

    text: str

    def column(self, node: Node) -> int:
        start = node.children[0].start
        return start - line_start(self.text, start)

    def gap(self, node: Node, dash: int) -> int:
        start = node.children[0].start if node.is_block else node.start
        return 0 if "\n" in self.text[dash:start] else start - dash


def _usual(widths: Iterable[int]) -> int:
    """Return the most frequent width, the first of equals, or 2."""
    return next((width for width, _ in Counter(widths).most_common(1)), 2)


def _nodes(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children:
        yield from _nodes(child.node)


def _are(outer: Node, inner: Node, kind: str) -> bool:
    return outer.kind == "mapping" and inner.is_block and inner.kind == kind


def _is_simple(node: Node) -> bool:
    return bool(node.children) and all(child.node.kind == "scalar" for child in node.children)
