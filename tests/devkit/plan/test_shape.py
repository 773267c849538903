from __future__ import annotations

from devkit.api import RunCommand, Stage, Task
from devkit.plan.plan import Plan, PlannedTask
from devkit.plan.shape import Edge, cycle_in, stage_shape, task_shape


def planned(*tasks: Task, stages: tuple[str, ...] = ("env", "test")) -> Plan:
    found = {task.name: PlannedTask(task=task, plugin="acme", package="acme") for task in tasks}
    return Plan(files=(), records=(), tasks=found, stages=stages)


def task(name: str, *needs: str) -> Task:
    return Task(name=name, action=RunCommand(argv=("true",)), needs=needs)


def test_a_task_comes_after_what_it_needs() -> None:
    shape = task_shape(planned(task("env:install"), task("test:unit", "env:install", "test:fix?")), "t")

    assert shape.edges == (Edge(source="env:install", target="test:unit"),)
    assert shape.groups == ("env", "test")


def test_an_optional_need_is_drawn_where_it_is_offered() -> None:
    shape = task_shape(planned(task("test:fix"), task("test:unit", "test:fix?")), "t")

    assert shape.edges == (Edge(source="test:fix", target="test:unit", is_optional=True),)


def test_a_need_that_nobody_offers_is_a_node_of_its_own() -> None:
    shape = task_shape(planned(task("test:unit", "build:image")), "t")

    assert [(node.name, node.is_missing) for node in shape.nodes] == [("test:unit", False), ("build:image", True)]


def test_names_choose_tasks_and_what_these_need() -> None:
    plan = planned(task("env:install"), task("test:unit", "env:install"), task("test:lint"))

    assert [node.name for node in task_shape(plan, "t", ["unit"]).nodes] == ["env:install", "test:unit"]


def test_a_stage_comes_after_the_one_whose_tasks_its_own_need() -> None:
    plan = planned(task("env:install"), task("test:unit", "env:install"))

    assert stage_shape(plan, "t", []).edges == (Edge(source="env", target="test"),)


def test_a_declared_order_is_a_weaker_tie_than_a_need() -> None:
    stages = [
        Stage(name="env", summary="", before=("test",)),
        Stage(name="test", summary="", after=("env", "absent")),
    ]

    assert stage_shape(planned(), "t", stages).edges == (Edge(source="env", target="test", is_optional=True),)


def test_a_cycle_of_tasks_is_found_and_a_missing_need_is_none() -> None:
    ring = {"a:a": task("a:a", "a:b"), "a:b": task("a:b", "a:a")}
    cycle = cycle_in(ring, dict.fromkeys(ring, "plugin acme"))

    assert cycle is not None
    assert cycle.exit == 78
    assert "(plugin acme)" in cycle.message
    assert cycle_in({"a:a": task("a:a", "gone:gone")}, {}) is None
