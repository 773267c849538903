"""Which tasks are touched by changed files: those that read one, and those that need such a task."""

from __future__ import annotations

from typing import TYPE_CHECKING

from devkit.plan.patterns import Patterns, is_below

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from devkit.api.tasks import Task


def affected(tasks: Sequence[Task], paths: Collection[str]) -> tuple[str, ...]:
    """Return the names of the tasks that changed `paths` touch; `tasks` are in an order in which they may run.

    A path may be a folder that belongs to another repository, of which only the whole is known to have changed.
    """
    found: dict[str, None] = {}
    for task in tasks:
        needs = (need.removesuffix("?") for need in task.needs)
        if any(need in found for need in needs) or _reads(task, paths):
            found[task.name] = None
    return tuple(found)


def _reads(task: Task, paths: Collection[str]) -> bool:
    if not task.inputs:
        return False
    patterns = Patterns(task.inputs)
    is_under = (is_below(prefix, path) for prefix in patterns.prefixes if prefix for path in paths)
    return any(map(patterns.matches, paths)) or any(is_under)
