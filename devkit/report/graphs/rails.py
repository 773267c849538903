"""A drawing for a terminal: one line a node in the order of running, with rails from what comes before it."""

from __future__ import annotations

from heapq import heappop, heappush
from typing import TYPE_CHECKING

from devkit.report.graphs.colours import terminal_colour
from devkit.report.text import clean, columns_of, fitted, style

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from devkit.plan.shape import Edge, Node, Shape

_ASCII = str.maketrans("│├└─┄┼┴●○▲✗…", "|+`-.+^*o!x~")
_JOINTS = {(True, False): "├", (True, True): "└", (False, False): "┼", (False, True): "┴"}
"""How a rail joins the line to a node, by whether it is the first to do so and whether it ends there."""
_LEAST = 12
"""Columns that the name of a node needs at least: where rails leave less, needs are written out."""


def text_lines(shape: Shape, *, width: int, is_ascii: bool = False) -> list[str]:
    """Return the drawing as lines of at most `width` columns, with colours that `plain` takes away."""
    if not shape.nodes:
        return ["nothing to draw: no stage of this project has tasks"]
    rows = [*_rows(shape)]
    rails = max(len(rail) for rail, _ in rows)
    longest = max(columns_of(clean(node.name)) for node in shape.nodes)
    if rails + 1 + min(longest, _LEAST) > width:
        before = _before(shape)
        lines = [line for node in _in_order(shape) for line in _written(node, before[node.name], shape, width)]
    else:
        lines = [_line(rail.ljust(rails), node, shape, (longest, width)) for rail, node in rows]
    lines = [style(fitted(clean(shape.title), width), "bold"), *lines, *_legend(shape, width)]
    return [line.translate(_ASCII) for line in lines] if is_ascii else lines


def _in_order(shape: Shape) -> list[Node]:
    """Return the nodes, each after those before it as far as no cycle forbids that; ties keep their order."""
    place = {node.name: number for number, node in enumerate(shape.nodes)}
    after: dict[str, list[str]] = {}
    for edge in shape.edges:
        after.setdefault(edge.source, []).append(edge.target)
    waiting = {name: len({edge.source for edge in edges}) for name, edges in _before(shape).items()}
    ready = [place[name] for name, count in waiting.items() if count == 0]
    done: dict[int, Node] = {}
    while len(done) < len(place):
        number = heappop(ready) if ready else min(place[name] for name in waiting if place[name] not in done)
        done.setdefault(number, shape.nodes[number])
        for name in dict.fromkeys(after.get(shape.nodes[number].name, ())):
            waiting[name] -= 1
            if waiting[name] == 0 and place[name] not in done:
                heappush(ready, place[name])
    return [*done.values()]


def _before(shape: Shape) -> dict[str, list[Edge]]:
    found: dict[str, list[Edge]] = {node.name: [] for node in shape.nodes}
    for edge in shape.edges:
        if edge.source != edge.target:
            found[edge.target].append(edge)
    return found


def _rows(shape: Shape) -> Iterator[tuple[str, Node]]:
    """Yield the rails of each line with its node. A rail belongs to a node, and ends with the last that needs it."""
    order = _in_order(shape)
    place = {node.name: number for number, node in enumerate(order)}
    before = _before(shape)
    last = {edge.source: place[edge.target] for edge in shape.edges if place[edge.source] < place[edge.target]}
    for edge in shape.edges:
        if edge.source in last:
            last[edge.source] = max(last[edge.source], place[edge.target])
    lanes: list[str] = []
    for number, node in enumerate(order):
        needed = {edge.source: edge.is_optional for edge in before[node.name] if edge.source in lanes}
        own = _free(lanes, needed)
        lanes += [""] * (own + 1 - len(lanes))
        yield _rail(lanes, needed, {name for name in needed if last[name] == number}, own, _mark(node)), node
        lanes = ["" if last.get(name) == number else name for name in lanes]
        lanes[own] = node.name if node.name in last else lanes[own]
        while lanes and not lanes[-1]:
            lanes.pop()


def _free(lanes: Sequence[str], needed: Mapping[str, bool]) -> int:
    """Return the first lane for a new node: free, and to the right of all that it needs."""
    least = max((lanes.index(name) + 1 for name in needed), default=0)
    return next((number for number in range(least, len(lanes)) if not lanes[number]), max(len(lanes), least))


def _rail(lanes: Sequence[str], needed: Mapping[str, bool], ending: set[str], own: int, mark: str) -> str:
    first = min((lanes.index(name) for name in needed), default=own)
    line, is_weak = "", False
    for number, name in enumerate(lanes):
        is_weak = needed.get(name, is_weak)
        bar = "┄" if is_weak else "─"
        is_level = first <= number < own
        if number == own:
            line += mark
        elif name in needed:
            line += _JOINTS[number == first, name in ending]
        elif name:
            line += "│"
        else:
            line += bar if is_level else " "
        line += bar if is_level else " "
    return line


def _mark(node: Node) -> str:
    if node.is_missing:
        return "✗"
    if node.effect != "local":
        return "▲"
    return "○" if node.is_manual else "●"


def _line(rail: str, node: Node, shape: Shape, room: tuple[int, int]) -> str:
    longest, width = room
    colour = terminal_colour(node.group, shape.groups)
    mark = _mark(node)
    name = fitted(clean(node.name), width - len(rail))
    left = width - len(rail) - longest - 2
    summary = fitted(clean(node.summary), left) if left >= _LEAST else ""
    padding = " " * (longest - columns_of(name) + 2) if summary else ""
    coloured = rail.replace(mark, style(mark, colour)).rstrip()
    gap = " " * (len(rail) - len(rail.rstrip()))
    return f"{coloured}{gap}{style(name, colour)}{padding}{style(summary, 'dim') if summary else ''}"


def _written(node: Node, before: Sequence[Edge], shape: Shape, width: int) -> Iterator[str]:
    """Yield a node with its needs in words, where there is no room for rails."""
    colour = terminal_colour(node.group, shape.groups)
    yield f"{style(_mark(node), colour)} {style(fitted(clean(node.name), width - 2), colour)}"
    for edge in before:
        yield style(fitted(f"    {'┄' if edge.is_optional else '─'} after {clean(edge.source)}", width), "dim")


def _legend(shape: Shape, width: int) -> list[str]:
    """Return what the signs mean that are used."""
    nodes = shape.nodes
    words = [
        ("○ only when named", any(node.is_manual for node in nodes)),
        ("▲ reaches beyond this machine", any(node.effect != "local" for node in nodes)),
        ("✗ nobody offers it", any(node.is_missing for node in nodes)),
        ("┄ only if both are run", any(edge.is_optional for edge in shape.edges)),
    ]
    lines: list[str] = []
    for word in (word for word, is_used in words if is_used):
        if lines and columns_of(lines[-1]) + 2 + columns_of(word) <= width:
            lines[-1] += f"  {word}"
        else:
            lines.append(fitted(word, width))
    return ["", *(style(line, "dim") for line in lines)] if lines else []
