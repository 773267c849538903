from __future__ import annotations

import pytest

from devkit.api import DevkitError, Effect, RunCommand, Task
from devkit.plan.graph import ordered, select


def task(name: str, *needs: str, effect: Effect = Effect.LOCAL) -> Task:
    return Task(name=name, action=RunCommand(argv=("true",)), needs=needs, effect=effect)


def graph(*tasks: Task) -> dict[str, Task]:
    return {each.name: each for each in tasks}


def names(tasks: tuple[Task, ...]) -> list[str]:
    return [each.name for each in tasks]


def test_a_task_comes_after_what_it_needs() -> None:
    tasks = graph(task("test:unit", "env:install"), task("env:install", "env:lock"), task("env:lock"))

    assert names(ordered(tasks, ["test:unit"])) == ["env:lock", "env:install", "test:unit"]


def test_an_optional_need_orders_but_does_not_start() -> None:
    tasks = graph(task("a:a", "b:b?"), task("b:b"))

    assert names(ordered(tasks, ["a:a"])) == ["a:a"]
    assert names(ordered(tasks, ["a:a", "b:b"])) == ["b:b", "a:a"]


def test_a_stage_means_its_local_tasks() -> None:
    tasks = graph(task("build:image"), task("build:push", effect=Effect.PUBLISH))

    assert names(select(tasks, ["build"], ["build"])) == ["build:image"]


def test_a_stage_does_not_mean_a_task_that_is_to_be_named() -> None:
    manual = Task(name="test:load", action=RunCommand(argv=("true",)), is_manual=True)
    tasks = graph(task("test:unit"), manual)

    assert names(select(tasks, ["test"], ["test"])) == ["test:unit"]
    assert names(select(tasks, ["test:load"], ["test"])) == ["test:load"]


def test_a_cycle_is_refused_with_its_way_round() -> None:
    tasks = graph(task("a:a", "b:b"), task("b:b", "a:a"))

    with pytest.raises(DevkitError, match="a:a -> b:b -> a:a") as caught:
        ordered(tasks, ["a:a"])
    assert caught.value.exit == 78


def test_a_cycle_names_who_declares_each_need() -> None:
    tasks = graph(task("a:a", "b:b"), task("b:b", "c:c?"), task("c:c", "a:a"))

    with pytest.raises(DevkitError) as caught:
        select(tasks, ["a:a", "c:c"], [], {"a:a": "plugin acme", "b:b": "configuration", "c:c": "plugin cee"})
    needs = "`a:a` needs `b:b` (plugin acme), `b:b` needs `c:c` (configuration), `c:c` needs `a:a` (plugin cee)"
    assert caught.value.message == f"tasks need each other: a:a -> b:b -> c:c -> a:a: {needs}"


def test_a_long_chain_of_tasks_is_ordered() -> None:
    tasks = graph(task("t:0"), *(task(f"t:{number}", f"t:{number - 1}") for number in range(1, 3000)))

    assert names(ordered(tasks, ["t:2999"])) == list(tasks)


def test_an_unknown_name_gets_a_suggestion() -> None:
    with pytest.raises(DevkitError) as caught:
        select(graph(task("test:unit")), ["tset"], ["test"])

    assert caught.value.exit == 2
    assert caught.value.help == "did you mean `test`?"


def test_a_need_that_nobody_offers_names_the_stage_to_add() -> None:
    with pytest.raises(DevkitError, match="build:image") as caught:
        ordered(graph(task("deploy:up", "build:image")), ["deploy:up"])
    assert caught.value.help == "devkit add build"


def test_a_task_may_be_named_without_its_stage() -> None:
    tasks = graph(task("test:unit"), task("test:types"))

    assert names(select(tasks, ["unit"], ["test"])) == ["test:unit"]


def test_a_short_name_of_several_tasks_is_refused_with_all_of_them() -> None:
    tasks = graph(task("test:unit"), task("project:unit"))

    with pytest.raises(DevkitError) as caught:
        select(tasks, ["unit"], ["test"])

    assert caught.value.exit == 2
    assert "test:unit, project:unit" in caught.value.help


def test_where_there_is_no_stage_the_way_to_one_is_told() -> None:
    with pytest.raises(DevkitError) as caught:
        select({}, ["env"], [])
    assert "devkit add STAGE" in caught.value.help
