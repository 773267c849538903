"""A drawing in the language of Mermaid, which many hosts show in Markdown: mermaid.js.org/syntax/flowchart.html."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from devkit.report.graphs.colours import hue
from devkit.report.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from devkit.plan.shape import Node, Shape

_SPECIAL = re.compile(r"[\"#&;<>`\\\[\](){}|]")
"""What means something in a label; each is written as the entity of its number."""


def mermaid(shape: Shape) -> str:
    """Return the drawing as text that Mermaid reads."""
    numbers = {node.name: f"n{number}" for number, node in enumerate(shape.nodes)}
    lines = ["flowchart LR", f"  accTitle: {_plain(shape.title)}"]
    for number, group in enumerate(shape.groups):
        lines += _subgraph(shape, group, number, numbers)
    for edge in shape.edges:
        arrow = "-.->" if edge.is_optional else "-->"
        lines.append(f"  {numbers[edge.source]} {arrow} {numbers[edge.target]}")
    for number, group in enumerate(shape.groups):
        lines.append(f"  classDef g{number} stroke:{hue(group, shape.groups)},stroke-width:2px")
    return "\n".join([*lines, ""])


def _subgraph(shape: Shape, group: str, number: int, numbers: Mapping[str, str]) -> Iterator[str]:
    nodes = [node for node in shape.nodes if node.group == group]
    if [node.name for node in nodes] == [group]:  # a stage is no group of itself
        yield f"  {_node(nodes[0], numbers[group], number)}"
        return
    yield f'  subgraph s{number} ["{_escaped(group)}"]'
    yield from (f"    {_node(node, numbers[node.name], number)}" for node in nodes)
    yield "  end"


def _node(node: Node, name: str, number: int) -> str:
    label = f'"{_escaped(node.name)}"'
    shaped = f"([{label}])" if node.is_manual else f"{{{{{label}}}}}" if node.effect != "local" else f"[{label}]"
    return f"{name}{shaped}:::g{number}"


def _escaped(text: str) -> str:
    return _SPECIAL.sub(lambda match: f"#{ord(match[0])};", clean(text).replace("\n", " "))


def _plain(text: str) -> str:
    """Return text for a line of its own, which takes no entities."""
    return re.sub(r"[^\w .,:/-]", " ", clean(text))
