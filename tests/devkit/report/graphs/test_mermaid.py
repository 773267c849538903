from __future__ import annotations

from devkit.plan.shape import Node, Shape
from devkit.report.graphs.mermaid import mermaid


def test_stages_are_subgraphs_and_optional_needs_are_dotted(shape: Shape) -> None:
    lines = mermaid(shape).splitlines()

    assert lines[0] == "flowchart LR"
    assert '  subgraph s0 ["env"]' in lines
    assert "  n0 --> n1" in lines
    assert "  n3 -.-> n2" in lines


def test_a_task_that_is_to_be_named_and_one_that_publishes_have_shapes_of_their_own(shape: Shape) -> None:
    text = mermaid(shape)

    assert 'n3(["test:fix"]):::g1' in text
    assert 'n4{{"test:push"}}:::g1' in text


def test_a_name_cannot_end_its_label() -> None:
    node = Node(name='a:"] --> n9 %% end;', group="a")

    assert 'n0["a:#34;#93; --#62; n9 %% end#59;"]' in mermaid(
        Shape(title="t", groups=("a",), nodes=(node,), edges=())
    )
