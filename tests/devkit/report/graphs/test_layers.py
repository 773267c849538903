from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from devkit.report.graphs.layers import lay_out

NAMES = [chr(number) for number in range(ord("a"), ord("m"))]
LINKS = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)), max_size=30)


def test_what_comes_before_stands_further_left() -> None:
    layout = lay_out(["a", "b", "c"], [("a", "b"), ("b", "c"), ("a", "c")], {}, 10)

    assert layout.columns[0] == ("a",)
    assert layout.columns[2] == ("c",)
    assert len(layout.ways["a", "c"]) == 3


def test_what_comes_before_stands_close_to_what_needs_it() -> None:
    layout = lay_out(["late", "a", "b", "c"], [("a", "b"), ("b", "c"), ("late", "c")], {}, 10)

    assert "late" in layout.columns[1]


def test_lines_that_need_not_cross_do_not() -> None:
    layout = lay_out(["a", "b", "c", "d"], [("a", "d"), ("b", "c")], {}, 10)

    left, right = layout.columns
    assert (left.index("a") < left.index("b")) == (right.index("d") < right.index("c"))


def test_a_node_stands_in_the_middle_of_those_after_it() -> None:
    layout = lay_out(["a", "b", "c", "d"], [("a", "b"), ("a", "c"), ("a", "d")], dict.fromkeys("abcd", 20.0), 10)

    assert abs(layout.heights["a"] - layout.heights["c"]) < 1


def test_an_edge_of_a_cycle_is_laid_the_other_way_round() -> None:
    layout = lay_out(["a", "b"], [("a", "b"), ("b", "a")], {}, 10)

    assert layout.ways["a", "b"] == ("a", "b")
    assert layout.ways["b", "a"] == ("a", "b")


@given(LINKS, st.lists(st.floats(min_value=1, max_value=90), min_size=12, max_size=12))
def test_any_graph_keeps_its_order_and_its_distances(links: list[tuple[str, str]], sizes: list[float]) -> None:
    heights = dict(zip(NAMES, sizes, strict=True))
    layout = lay_out(NAMES, links, heights, 10)
    column_of = {name: number for number, column in enumerate(layout.columns) for name in column}

    assert set(NAMES) <= set(column_of)
    for way in layout.ways.values():
        assert [column_of[name] for name in way] == list(range(column_of[way[0]], column_of[way[-1]] + 1))
    for column in layout.columns:
        for upper, lower in pairwise(column):
            apart = (heights.get(upper, 0) + heights.get(lower, 0)) / 2 + 10
            assert layout.heights[lower] - layout.heights[upper] >= apart - 1e-6
