from __future__ import annotations

from xml.etree import ElementTree as ET

from msgspec.structs import replace

from devkit.plan.shape import Edge, Node, Shape
from devkit.report.graphs.svg import svg

SPACE = "{http://www.w3.org/2000/svg}"


def drawn(shape: Shape) -> ET.Element:
    return ET.fromstring(svg(shape))  # noqa: S314 - our own


def texts(root: ET.Element) -> list[str]:
    return [element.text or "" for element in root.iter(f"{SPACE}text")]


def test_every_node_is_a_box_with_its_name(shape: Shape) -> None:
    root = drawn(shape)

    assert {node.name for node in shape.nodes} <= set(texts(root))
    assert "only when named" in texts(root)
    assert "publishes" in texts(root)


def test_an_edge_ends_in_an_arrow_and_an_optional_one_is_dashed(shape: Shape) -> None:
    arrows = [path for path in drawn(shape).iter(f"{SPACE}path") if "marker-end" in path.attrib]
    paths = [path for path in arrows if path.find(f"{SPACE}title") is not None]

    assert len(paths) == len(shape.edges)
    assert sum("weak" in path.attrib["class"] for path in paths) == 1


def test_a_reader_who_does_not_see_it_is_told_everything(shape: Shape) -> None:
    root = drawn(shape)

    assert root.attrib["role"] == "img"
    assert root.attrib["aria-labelledby"] == "title desc"
    assert root.findtext(f"{SPACE}title") == "shop: tasks"
    assert "test:unit after env:install, test:fix (optional)." in (root.findtext(f"{SPACE}desc") or "")


def test_text_from_outside_cannot_become_markup() -> None:
    evil = '<script>alert("1")</script> \x07\x1b[31m ]]> &amp;'
    nodes = (Node(name=f"a:{evil}", group=evil, summary=evil),)

    root = drawn(Shape(title=evil, groups=(evil,), nodes=nodes, edges=()))

    assert not list(root.iter(f"{SPACE}script"))
    assert (root.findtext(f"{SPACE}title") or "").startswith('<script>alert("1")</script> \\x07')


def test_everything_is_within_the_picture(shape: Shape) -> None:
    root = drawn(shape)
    width, height = float(root.attrib["width"]), float(root.attrib["height"])

    for rect in root.iter(f"{SPACE}rect"):
        if rect.attrib["width"] != "100%":
            assert float(rect.attrib["x"]) >= 0
            assert float(rect.attrib["x"]) + float(rect.attrib["width"]) <= width
            assert float(rect.attrib["y"]) + float(rect.attrib["height"]) <= height


def test_it_needs_nothing_from_elsewhere_and_follows_a_dark_theme(shape: Shape) -> None:
    text = svg(shape)

    assert text.count("http") == 1
    assert "prefers-color-scheme: dark" in text


def test_a_cycle_and_a_need_of_itself_are_drawn_all_the_same(shape: Shape) -> None:
    edges = (*shape.edges, Edge(source="test:unit", target="env:lock"), Edge(source="env:lock", target="env:lock"))

    assert "marker-start" in svg(replace(shape, edges=edges))


def test_nothing_is_a_picture_too() -> None:
    assert drawn(Shape(title="empty", groups=(), nodes=(), edges=())).findtext(f"{SPACE}desc") == "Nothing to draw."
