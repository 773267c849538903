"""Tasks that wrote into files which git tracks, as findings."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from devkit.api.findings import Finding
from devkit.api.tasks import Moment
from devkit.errors import TRACKED_WRITTEN, Place
from devkit.plan.patterns import Patterns, is_below
from devkit.report.events import TaskEnded, TaskStarted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from devkit.api.tasks import Task
    from devkit.report.events import Event

_SLACK = 50_000_000
"""Nanoseconds by which time stamps of files lag behind the clock: the kernel's own clock ticks more slowly."""
_NAMED = 5


class Writers:
    """When each task of a run was at work, so that what was written then can be laid to it."""

    def __init__(self, tasks: Iterable[Task]) -> None:
        self._tasks = {task.name: task for task in tasks}
        self._began: dict[str, int] = {}
        self._ended: dict[str, int] = {}

    def hear(self, event: Event) -> None:
        """Note when a task begins and ends."""
        match event:
            case TaskStarted(task=task):
                self._began[task.name] = time.time_ns()
            case TaskEnded(outcome=outcome) if outcome.task in self._began:
                self._ended[outcome.task] = time.time_ns()

    def findings(self, root: Path) -> list[Finding]:
        """Return a finding for the tasks that changed tracked files which they do not declare as their outputs."""
        if not any(map(self._is_asked, self._began)):
            return []
        from devkit.engine.tracked import written_since

        outputs = [output for task in self._tasks.values() for output in task.outputs]
        patterns, folders = Patterns(outputs), [output.rstrip("/") for output in outputs]
        files: dict[tuple[str, ...], list[str]] = {}
        for path, moment in written_since(root, min(self._began.values()) - _SLACK).items():
            is_output = patterns.matches(path) or any(is_below(path, folder) for folder in folders)
            if (tasks := self._writers(moment)) and not is_output:
                files.setdefault(tasks, []).append(path)
        return [_finding(tasks, sorted(paths)) for tasks, paths in files.items()]

    def _is_asked(self, name: str) -> bool:
        """Whether a task is not there to change the files of the project, such as a formatter or a lock."""
        task = self._tasks[name]
        return not task.is_manual and task.moment is not Moment.LOCK

    def _writers(self, moment: int) -> tuple[str, ...]:
        """Return the tasks that may have written a file; none, when one of them may well do that."""
        at_work = [name for name in self._began if self._was_at_work(name, moment)] or list(self._began)
        return tuple(at_work) if all(map(self._is_asked, at_work)) else ()

    def _was_at_work(self, name: str, moment: int) -> bool:
        return self._began[name] - _SLACK <= moment <= self._ended.get(name, moment) + _SLACK


def _finding(tasks: Sequence[str], paths: Sequence[str]) -> Finding:
    more = f" and {len(paths) - _NAMED} more" if len(paths) > _NAMED else ""
    names = ", ".join(f"`{path}`" for path in paths[:_NAMED]) + more
    which = " or ".join(f"`{task}`" for task in tasks)
    verb = "is" if len(paths) == 1 else "are"
    return Finding(
        code=TRACKED_WRITTEN.code,
        message=f"{names} {verb} tracked by git, and changed while {which} ran",
        place=Place(path=paths[0]),
        help="declare what a task makes as its `outputs`, or have git ignore it",
    )
