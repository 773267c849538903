"""A drawing in the language of Graphviz: graphviz.org/doc/info/lang.html."""

from __future__ import annotations

from typing import TYPE_CHECKING

from devkit.report.graphs.colours import hue
from devkit.report.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from devkit.plan.shape import Node, Shape


def dot(shape: Shape) -> str:
    """Return the drawing as text that `dot` reads."""
    lines = [
        f"digraph {_quoted(shape.title)} {{",
        "  rankdir=LR;",
        '  node [shape=box, style=rounded, fontname="Helvetica"];',
        *(line for number, group in enumerate(shape.groups) for line in _cluster(shape, group, number)),
    ]
    for edge in shape.edges:
        style = " [style=dashed]" if edge.is_optional else ""
        lines.append(f"  {_quoted(edge.source)} -> {_quoted(edge.target)}{style};")
    return "\n".join([*lines, "}", ""])


def _cluster(shape: Shape, group: str, number: int) -> Iterator[str]:
    nodes = [node for node in shape.nodes if node.group == group]
    colour = f'color="{hue(group, shape.groups)}"'
    if [node.name for node in nodes] == [group]:  # a stage is no cluster of itself
        yield f"  {_node(nodes[0], colour)}"
        return
    yield f"  subgraph cluster_{number} {{"
    yield f"    label={_quoted(group)};"
    yield f"    {colour};"
    yield from (f"    {_node(node, colour)}" for node in nodes)
    yield "  }"


def _node(node: Node, colour: str) -> str:
    style = ', style="rounded,dashed"' if node.is_manual or node.is_missing else ""
    tooltip = f", tooltip={_quoted(node.summary)}" if node.summary else ""
    return f"{_quoted(node.name)} [{colour}{style}{tooltip}];"


def _quoted(text: str) -> str:
    escaped = clean(text).replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
    return f'"{escaped}"'
