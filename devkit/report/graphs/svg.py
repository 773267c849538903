"""A drawing as SVG: a document of its own that needs no font, script or other file, and follows a dark theme."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from xml.sax.saxutils import escape

from msgspec import Struct
from msgspec.structs import replace

from devkit.report.graphs.colours import hue
from devkit.report.graphs.layers import lay_out
from devkit.report.graphs.lettering import broken, shortened, text_width
from devkit.report.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from devkit.plan.shape import Edge, Node, Shape
    from devkit.report.graphs.layers import Layout

_NAME, _SMALL, _LEADING = 14.0, 12.0, 16.0
_WIDEST = 250.0
_LEFT, _RIGHT, _PADDING = 18.0, 14.0, 10.0
_GAP, _AISLE, _MARGIN = 14.0, 76.0, 28.0
_TITLE = 44.0
_ARROW = 8.0
_STYLE = """\
  svg { color-scheme: light dark; }
  text { font-family: system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, "DejaVu Sans", sans-serif; }
  .paper { fill: #ffffff; } .box { fill: #f6f8fa; stroke: #d0d7de; }
  .ink { fill: #1f2328; } .faint { fill: #59636e; } .wrong { stroke: #cf222e; }
  .edge { fill: none; stroke: #6e7781; stroke-width: 1.5; } .head { fill: #6e7781; }
  .title { font-size: 18px; font-weight: 600; } .name { font-size: 14px; font-weight: 600; }
  .small { font-size: 12px; }
  .weak { stroke-dasharray: 5 4; }
  @media (prefers-color-scheme: dark) {
    .paper { fill: #0d1117; } .box { fill: #161b22; stroke: #3d444d; }
    .ink { fill: #f0f6fc; } .faint { fill: #9aa4af; } .wrong { stroke: #ff7b72; }
    .edge { stroke: #8b949e; } .head { fill: #8b949e; }
  }"""


class _Box(Struct, frozen=True, kw_only=True):
    """A node with its lines of text, and where it is: the left edge and the middle."""

    node: Node
    lines: tuple[str, ...]
    width: float
    height: float
    x: float = 0.0
    y: float = 0.0


class _Spot(NamedTuple):
    """The left and right edge of a column, and the middle of what is in it."""

    left: float
    right: float
    middle: float


def svg(shape: Shape) -> str:
    """Return the drawing as the text of an SVG document."""
    sketches = {node.name: _sketch(node) for node in shape.nodes}
    sizes = {name: box.height for name, box in sketches.items()}
    layout = lay_out([*sketches], [(edge.source, edge.target) for edge in shape.edges], sizes, _GAP)
    spots = _spots(layout, sketches)
    boxes = {name: _placed(box, spots[name]) for name, box in sketches.items()}
    ways = [_edge(edge, layout.ways[edge.source, edge.target], boxes, spots) for edge in shape.edges if _is_way(edge)]
    drawn = [line for box in boxes.values() for line in _drawn(box, hue(box.node.group, shape.groups))]
    bottom = max((box.y + box.height / 2 for box in boxes.values()), default=_TITLE)
    legend, wide, high = _legend(shape, _MARGIN, bottom + 40)
    right = max((box.x + box.width for box in boxes.values()), default=0.0)
    width = max(right, wide, _MARGIN + text_width(shape.title, 19)) + _MARGIN
    return "\n".join([*_opening(shape, width, high + _MARGIN), *ways, *drawn, *legend, "</svg>", ""])


def described(shape: Shape) -> str:
    """Return the drawing in words, for whoever does not see it."""
    needs: dict[str, list[str]] = {node.name: [] for node in shape.nodes}
    for edge in shape.edges:
        needs[edge.target].append(f"{edge.source}{' (optional)' if edge.is_optional else ''}")
    sentences = [f"{name} after {', '.join(before)}." if before else f"{name}." for name, before in needs.items()]
    return clean(" ".join(sentences)) or "Nothing to draw."


def _is_way(edge: Edge) -> bool:
    return edge.source != edge.target


def _sketch(node: Node) -> _Box:
    room = _WIDEST - _LEFT - _RIGHT
    name = shortened(clean(node.name), room, _NAME)
    note = _note(node)
    lines = (name, *broken(clean(node.summary), room, _SMALL, 2), *([note] if note else []))
    widths = [text_width(name, _NAME), *(text_width(line, _SMALL) for line in lines[1:])]
    height = 2 * _PADDING + 18 + _LEADING * (len(lines) - 1)
    return _Box(node=node, lines=lines, width=max(widths) + _LEFT + _RIGHT, height=height)


def _note(node: Node) -> str:
    """Return what is special about a node, in words: colours and dashes alone tell nothing."""
    effect = {"publish": "publishes", "deploy": "deploys"}.get(node.effect, "")
    return ", ".join(word for word in (effect, "only when named" if node.is_manual else "") if word)


def _spots(layout: Layout, boxes: Mapping[str, _Box]) -> dict[str, _Spot]:
    """Return where everything in each column is: as wide as the widest box of the column."""
    spots: dict[str, _Spot] = {}
    x = _MARGIN
    for column in layout.columns:
        width = max(boxes[name].width for name in column if name in boxes)
        spots |= {name: _Spot(x, x + width, layout.heights[name] + _MARGIN + _TITLE) for name in column}
        x += width + _AISLE
    return spots


def _placed(box: _Box, spot: _Spot) -> _Box:
    return replace(box, x=spot.left, y=spot.middle, width=spot.right - spot.left)


def _opening(shape: Shape, width: float, height: float) -> Iterator[str]:
    title = clean(shape.title)
    size = f'width="{width:.0f}" height="{height:.0f}" viewBox="0 0 {width:.0f} {height:.0f}"'
    yield f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-labelledby="title desc">'
    yield f'<title id="title">{escape(title)}</title>'
    yield f'<desc id="desc">{escape(described(shape))}</desc>'
    yield f"<style>\n{_STYLE}\n</style>"
    yield '<defs><marker id="head" viewBox="0 0 8 8" refX="0.5" refY="4" markerUnits="userSpaceOnUse"'
    yield '  markerWidth="8" markerHeight="8" orient="auto-start-reverse">'
    yield '  <path class="head" d="M0 0.5 8 4 0 7.5z"/></marker></defs>'
    yield '<rect class="paper" width="100%" height="100%" rx="8"/>'
    yield f'<text class="ink title" x="{_MARGIN:.0f}" y="{_MARGIN + 14:.0f}">{escape(title)}</text>'


def _edge(edge: Edge, way: Sequence[str], boxes: Mapping[str, _Box], spots: Mapping[str, _Spot]) -> str:
    """Return the line of an edge: level where it leaves, passes a column, and arrives."""
    is_turned = way[0] == edge.target
    first, last = boxes[way[0]], boxes[way[-1]]
    x, y = first.x + first.width + (_ARROW if is_turned else 0), first.y
    path = [f"M{x:.1f} {y:.1f}"]
    for passing in way[1:-1]:
        left, right, level = spots[passing]
        path += [_curve(x, y, left, level), f"H{right:.1f}"]
        x, y = right, level
    path.append(_curve(x, y, last.x - (0 if is_turned else _ARROW), last.y))
    end = "marker-start" if is_turned else "marker-end"
    weak = " weak" if edge.is_optional else ""
    words = f"{edge.source} before {edge.target}{', optional' if edge.is_optional else ''}"
    title = f"<title>{escape(clean(words))}</title>"
    return f'<path class="edge{weak}" {end}="url(#head)" d="{" ".join(path)}">{title}</path>'


def _curve(x: float, y: float, to_x: float, to_y: float) -> str:
    middle = (x + to_x) / 2
    return f"C{middle:.1f} {y:.1f} {middle:.1f} {to_y:.1f} {to_x:.1f} {to_y:.1f}"


def _drawn(box: _Box, colour: str) -> Iterator[str]:
    top = box.y - box.height / 2
    place = f'x="{box.x:.1f}" y="{top:.1f}" height="{box.height:.1f}"'
    kind = "box weak" if box.node.is_manual else "box wrong weak" if box.node.is_missing else "box"
    full = clean(f"{box.node.name}: {box.node.summary}" if box.node.summary else box.node.name)
    yield f"<g><title>{escape(full)}</title>"
    yield f'<rect class="{kind}" {place} width="{box.width:.1f}" rx="6"/>'
    bar = f'x="{box.x + 6:.1f}" y="{top + 8:.1f}" width="4" height="{box.height - 16:.1f}"'
    yield f'<rect fill="{colour}" {bar} rx="2"/>'
    x, y = box.x + _LEFT, top + _PADDING + 13
    yield f'<text class="ink name" x="{x:.1f}" y="{y:.1f}">{escape(box.lines[0])}</text>'
    for number, line in enumerate(box.lines[1:], 1):
        yield f'<text class="faint small" x="{x:.1f}" y="{y + 1 + _LEADING * number:.1f}">{escape(line)}</text>'
    yield "</g>"


def _legend(shape: Shape, x: float, y: float) -> tuple[list[str], float, float]:
    """Return the colours of the stages and the kinds of lines, how far to the right they reach, and how far down."""
    lines, right, y = _swatches(shape, x, y)
    if not any(edge.is_optional for edge in shape.edges):
        return lines, right, y
    y += 24
    words = "only if both are run"
    lines.append(f'<path class="edge weak" marker-end="url(#head)" d="M{x:.1f} {y - 4:.1f}h34"/>')
    lines.append(f'<text class="faint small" x="{x + 52:.1f}" y="{y:.1f}">{words}</text>')
    return lines, max(right, x + 52 + text_width(words, _SMALL)), y


def _swatches(shape: Shape, x: float, y: float) -> tuple[list[str], float, float]:
    lines: list[str] = []
    right, left = x, x
    for group in shape.groups:
        name = shortened(clean(group), _WIDEST, _SMALL)
        width = 18 + text_width(name, _SMALL)
        if left > x and left + width > 3 * _WIDEST:
            left, y = x, y + 22
        place = f'x="{left:.1f}" y="{y - 10:.1f}" width="12" height="12"'
        lines.append(f'<rect fill="{hue(group, shape.groups)}" {place} rx="3"/>')
        lines.append(f'<text class="faint small" x="{left + 18:.1f}" y="{y:.1f}">{escape(name)}</text>')
        right, left = max(right, left + width), left + width + 16
    return lines, right, y
