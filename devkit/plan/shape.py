"""The shape of the lifecycle, to be drawn: stages or tasks as nodes, and what comes before what as edges."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from devkit.api.tasks import Effect
from devkit.errors import TASK_CYCLE, DevkitError
from devkit.plan.graph import ordered, select

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from devkit.api.stages import Stage
    from devkit.api.tasks import Task
    from devkit.plan.plan import Plan


class Node(Struct, frozen=True, kw_only=True):
    """A stage, or a task of `group`, the stage it belongs to; one that `is_missing` is needed and nobody offers it.

    A task that `is_manual` runs only when it is named; its `effect` says how far it reaches.
    """

    name: str
    group: str
    summary: str = ""
    effect: str = str(Effect.LOCAL)
    is_manual: bool = False
    is_missing: bool = False


class Edge(Struct, frozen=True, kw_only=True):
    """`source` comes before `target`; where that `is_optional`, only if both are run."""

    source: str
    target: str
    is_optional: bool = False


class Shape(Struct, frozen=True, kw_only=True):
    """A graph whose nodes stand in the order of the lifecycle; `groups` are the stages, in order."""

    title: str
    groups: tuple[str, ...]
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


def task_shape(plan: Plan, title: str, names: Sequence[str] = ()) -> Shape:
    """Return the tasks and what each needs; with `names`, only those of these stages and tasks and what they need."""
    tasks = {name: planned.task for name, planned in plan.tasks.items()}
    if names:
        chosen = {task.name for task in select(tasks, names, plan.stages)}
        tasks = {name: task for name, task in tasks.items() if name in chosen}
    edges = tuple(edge for task in tasks.values() for edge in _edges(task) if _is_drawn(edge, tasks))
    missing = dict.fromkeys(edge.source for edge in edges if edge.source not in tasks)
    nodes = (*(_node(task) for task in tasks.values()), *map(_missing, missing))
    return Shape(title=title, groups=_groups(plan.stages, nodes), nodes=nodes, edges=edges)


def stage_shape(plan: Plan, title: str, declared: Iterable[Stage]) -> Shape:
    """Return the stages in use; one comes before another when it says so, or when a task of the other needs its."""
    stages = {stage.name: stage for stage in declared if stage.name in plan.stages}
    nodes = tuple(
        Node(name=name, group=name, summary=stages[name].summary if name in stages else "Tasks of the project's own.")
        for name in plan.stages
    )
    found: dict[tuple[str, str], bool] = {}
    for planned in plan.tasks.values():
        for edge in _edges(planned.task):
            pair = (edge.source.partition(":")[0], planned.task.stage)
            if pair[0] != pair[1] and pair[0] in plan.stages:
                found[pair] = found.get(pair, True) and edge.is_optional
    for stage in stages.values():
        pairs = [(name, stage.name) for name in stage.after] + [(stage.name, name) for name in stage.before]
        found |= {pair: True for pair in pairs if {*pair} <= {*stages} and pair not in found}
    edges = tuple(Edge(source=pair[0], target=pair[1], is_optional=weak) for pair, weak in found.items())
    return Shape(title=title, groups=plan.stages, nodes=nodes, edges=edges)


def cycle_in(tasks: Mapping[str, Task], owners: Mapping[str, str]) -> DevkitError | None:
    """Return the error that names a cycle of the tasks and the `owners` of its needs, if there is one.

    Needs that nobody offers are left out.
    """
    offered = {
        name: replace(task, needs=tuple(need for need in task.needs if need.removesuffix("?") in tasks))
        for name, task in tasks.items()
    }
    try:
        ordered(offered, offered, owners)
    except DevkitError as error:
        if error.kind is TASK_CYCLE:
            return error
        raise
    return None


def _edges(task: Task) -> Iterable[Edge]:
    for need in task.needs:
        yield Edge(source=need.removesuffix("?"), target=task.name, is_optional=need.endswith("?"))


def _is_drawn(edge: Edge, tasks: Mapping[str, Task]) -> bool:
    return edge.source in tasks or not edge.is_optional


def _node(task: Task) -> Node:
    return Node(
        name=task.name,
        group=task.stage,
        summary=task.summary,
        effect=str(task.effect),
        is_manual=task.is_manual,
    )


def _missing(name: str) -> Node:
    return Node(name=name, group=name.partition(":")[0], summary="Needed, and nobody offers it.", is_missing=True)


def _groups(stages: Sequence[str], nodes: Iterable[Node]) -> tuple[str, ...]:
    used = dict.fromkeys(node.group for node in nodes)
    return tuple(dict.fromkeys((*(stage for stage in stages if stage in used), *used)))
