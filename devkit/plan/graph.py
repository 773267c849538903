"""The task graph: which tasks a request means, and in which order they run."""

from __future__ import annotations

from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING

from devkit.api.tasks import Effect
from devkit.errors import TASK_CYCLE, UNKNOWN_NAME, DevkitError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from devkit.api.tasks import Task

_NOBODY: Mapping[str, str] = MappingProxyType({})


def select(
    tasks: Mapping[str, Task], names: Sequence[str], stages: Sequence[str], owners: Mapping[str, str] = _NOBODY
) -> tuple[Task, ...]:
    """Return the tasks that `names` (stages or `stage:task`) mean, with what they need, in order of running.

    A task may also be named without its stage, when no stage and no other task has that name. Of a stage only its
    local tasks are meant that need not be named themselves; a task with another effect is run by its own command.
    `owners` are the plugins that declare the tasks, by task.
    """
    wanted = [task for name in names for task in _meant(tasks, name, stages)]
    return ordered(tasks, [task.name for task in wanted], owners)


def ordered(tasks: Mapping[str, Task], names: Iterable[str], owners: Mapping[str, str] = _NOBODY) -> tuple[Task, ...]:
    """Return the named tasks and all they need, each after its needs; ties keep the order given."""
    required = _closure(tasks, names)
    done: dict[str, Task] = {}
    for name in required:
        if name not in done:
            _visit(tasks, name, required, done, owners)
    return tuple(done.values())


def _meant(tasks: Mapping[str, Task], name: str, stages: Sequence[str]) -> list[Task]:
    if name in tasks:
        return [tasks[name]]
    if name in stages:
        return [task for task in tasks.values() if task.stage == name and is_meant_by_stage(task)]
    short = [task for task in tasks.values() if task.name.partition(":")[2] == name]
    if len(short) == 1:
        return short
    if short:
        help_text = f"name one of {', '.join(task.name for task in short)}"
        raise DevkitError(UNKNOWN_NAME, f"`{name}` may be several tasks", help=help_text)
    known = [*stages, *tasks, *(task.name.partition(":")[2] for task in tasks.values())]
    otherwise = f"stages: {', '.join(stages)}" if stages else "devkit add STAGE adds a stage, which brings tasks"
    help_text = did_you_mean(name, known, otherwise)
    raise DevkitError(UNKNOWN_NAME, f"no stage or task is called `{name}`", help=help_text)


def is_meant_by_stage(task: Task) -> bool:
    """Whether the name of its stage means a task too: it is local, and need not be named itself."""
    return task.effect is Effect.LOCAL and not task.is_manual


def _closure(tasks: Mapping[str, Task], names: Iterable[str]) -> dict[str, None]:
    found: dict[str, None] = {}
    pending = list(names)[::-1]
    while pending:
        name = pending.pop()
        if name not in found:
            found[name] = None
            pending += [need for need in reversed(tasks[name].needs) if not need.endswith("?") and need in tasks]
            _refuse_missing_needs(tasks, tasks[name])
    return found


def _refuse_missing_needs(tasks: Mapping[str, Task], task: Task) -> None:
    missing = [need for need in task.needs if not need.endswith("?") and need not in tasks]
    if missing:
        stage = missing[0].partition(":")[0]
        raise DevkitError(
            UNKNOWN_NAME, f"`{task.name}` needs `{missing[0]}`, which nobody offers", help=f"devkit add {stage}"
        )


def _visit(
    tasks: Mapping[str, Task],
    start: str,
    required: Mapping[str, None],
    done: dict[str, Task],
    owners: Mapping[str, str],
) -> None:
    """Put a task into `done` after all that it needs; without recursion, since chains of tasks may be long."""
    way: dict[str, Iterator[str]] = {}
    _enter(tasks, start, required, way)
    while way:
        name, needs = next(reversed(way.items()))
        need = next((each for each in needs if each not in done), None)
        if need is None:
            done[name] = tasks[name]
            del way[name]
        elif need in way:
            names = list(way)
            raise _cycle([*names[names.index(need) :], need], owners)
        else:
            _enter(tasks, need, required, way)


def _enter(tasks: Mapping[str, Task], name: str, required: Mapping[str, None], way: dict[str, Iterator[str]]) -> None:
    if name in required:
        needed = [need.removesuffix("?") for need in tasks[name].needs]
        way[name] = iter([need for need in needed if need in required])


def _cycle(names: Sequence[str], owners: Mapping[str, str]) -> DevkitError:
    """Return the error for tasks that need each other, which names who declares each need."""
    circle = " -> ".join(names)
    declared = [f"`{name}` needs `{need}` ({owners[name]})" for name, need in pairwise(names) if owners.get(name)]
    message = f"tasks need each other: {circle}{': ' if declared else ''}{', '.join(declared)}"
    return DevkitError(TASK_CYCLE, message, help="take one of these needs away")
