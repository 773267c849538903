from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devkit.plan.shape import Edge, Node, Shape
from devkit.report.graphs.rails import text_lines
from devkit.report.text import columns_of, plain

NAMES = [f"stage:task-{number}" for number in range(9)]
LINKS = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES), st.booleans()), max_size=24)


def shown(shape: Shape, width: int = 80, *, is_ascii: bool = False) -> list[str]:
    return [plain(line) for line in text_lines(shape, width=width, is_ascii=is_ascii)]


def test_rails_lead_from_each_node_to_those_that_need_it(shape: Shape) -> None:
    assert shown(shape)[:6] == [
        "shop: tasks",
        "●       env:lock     Lock.",
        '├─●     env:install  Install <all> "of it" & more.',
        "│ │ ○   test:fix",
        "│ ├─┴┄● test:unit    Run the tests.",
        "└─┴─▲   test:push",
    ]


def test_the_signs_that_are_used_are_explained(shape: Shape) -> None:
    assert shown(shape)[-1] == "○ only when named  ▲ reaches beyond this machine  ┄ only if both are run"


def test_without_unicode_it_is_drawn_in_ascii(shape: Shape) -> None:
    assert all(line.isascii() for line in shown(shape, is_ascii=True))


def test_needs_are_written_out_where_rails_leave_no_room(shape: Shape) -> None:
    lines = shown(shape, 18)

    assert "● env:install" in lines
    assert "    ─ after env:l…" in lines


def test_a_need_that_nobody_offers_is_marked() -> None:
    nodes = (Node(name="a:a", group="a"), Node(name="b:b", group="b", is_missing=True))
    lines = shown(Shape(title="t", groups=("a", "b"), nodes=nodes, edges=(Edge(source="b:b", target="a:a"),)))

    assert lines[1:3] == ["✗   b:b", "└─● a:a"]


def test_a_project_without_tasks_says_so() -> None:
    assert shown(Shape(title="t", groups=(), nodes=(), edges=())) == [
        "nothing to draw: no stage of this project has tasks"
    ]


@pytest.mark.parametrize("width", [20, 40, 80])
@given(links=LINKS)
def test_no_line_is_wider_than_the_terminal(width: int, links: list[tuple[str, str, bool]]) -> None:
    weak = {(source, target): is_optional for source, target, is_optional in links}
    edges = tuple(Edge(source=pair[0], target=pair[1], is_optional=each) for pair, each in weak.items())
    nodes = tuple(Node(name=name, group="stage", summary="打包 everything that there is to say") for name in NAMES)
    lines = shown(Shape(title="a graph with a long title", groups=("stage",), nodes=nodes, edges=edges), width)

    assert max(map(columns_of, lines)) <= width
    assert all(any(name in line for line in lines) for name in NAMES)
