from __future__ import annotations

import pytest

from devkit.plan.shape import Edge, Node, Shape


@pytest.fixture
def shape() -> Shape:
    """Two stages, a need, an optional one, a task that is to be named and one that reaches beyond the machine."""
    return Shape(
        title="shop: tasks",
        groups=("env", "test"),
        nodes=(
            Node(name="env:lock", group="env", summary="Lock."),
            Node(name="env:install", group="env", summary='Install <all> "of it" & more.'),
            Node(name="test:unit", group="test", summary="Run the tests."),
            Node(name="test:fix", group="test", is_manual=True),
            Node(name="test:push", group="test", effect="publish"),
        ),
        edges=(
            Edge(source="env:lock", target="env:install"),
            Edge(source="env:install", target="test:unit"),
            Edge(source="env:install", target="test:push"),
            Edge(source="test:fix", target="test:unit", is_optional=True),
            Edge(source="env:lock", target="test:push"),
        ),
    )
