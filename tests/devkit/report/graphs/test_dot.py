from __future__ import annotations

from devkit.plan.shape import Node, Shape
from devkit.report.graphs.dot import dot


def test_stages_are_clusters_and_optional_needs_are_dashed(shape: Shape) -> None:
    text = dot(shape)

    assert 'subgraph cluster_0 {\n    label="env";' in text
    assert '"env:lock" -> "env:install";' in text
    assert '"test:fix" -> "test:unit" [style=dashed];' in text


def test_quotes_and_backslashes_of_names_stay_in_their_strings() -> None:
    node = Node(name='a:"; evil [\\', group="a", summary="two\nlines")

    assert '"a:\\"; evil [\\\\" [' in dot(Shape(title="t", groups=("a",), nodes=(node,), edges=()))


def test_a_stage_stands_for_itself() -> None:
    text = dot(Shape(title="t", groups=("env",), nodes=(Node(name="env", group="env"),), edges=()))

    assert "subgraph" not in text
