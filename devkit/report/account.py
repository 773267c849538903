"""What happened in one invocation, gathered for the reports that are written at its end."""

from __future__ import annotations

import posixpath
import time
from typing import TYPE_CHECKING

from msgspec import Struct, field

from devkit.report.events import FindingRaised, TaskEnded, TaskOutput, TaskStarted

if TYPE_CHECKING:
    from devkit.api.findings import Finding
    from devkit.api.tasks import TaskOutcome
    from devkit.errors import DevkitError, Place
    from devkit.report.events import Event

_KEPT = 64 * 1024
"""Characters of a task's output that a report holds, from its end."""


class TaskAccount(Struct, frozen=True, kw_only=True):
    """One task: how it ended, when it began (seconds since the epoch), and the end of what it printed."""

    outcome: TaskOutcome
    began: float
    output: str = ""


class Account(Struct):
    """Tasks in the order in which they ended, findings, and failures.

    `folder` is where the project is in its repository, from whose top others name files.
    """

    folder: str = "."
    tasks: list[TaskAccount] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    errors: list[DevkitError] = field(default_factory=list)
    began: float = field(default_factory=time.time)
    _printed: dict[str, str] = field(default_factory=dict)
    _starts: dict[str, float] = field(default_factory=dict)

    def path(self, place: Place) -> str:
        """Return the path of a place from the top of the repository."""
        return posixpath.normpath(posixpath.join(self.folder, place.path))

    def hear(self, event: Event) -> None:
        """Take in one event."""
        match event:
            case TaskStarted(task=task):
                self._starts[task.name] = time.time()
            case TaskOutput(task=name, text=text):
                self._printed[name] = f"{self._printed.get(name, '')}{text}\n"[-_KEPT:]
            case TaskEnded(outcome=outcome):
                began = self._starts.pop(outcome.task, time.time())
                output = self._printed.pop(outcome.task, "")
                self.tasks.append(TaskAccount(outcome=outcome, began=began, output=output))
            case FindingRaised(finding=finding):
                self.findings.append(finding)
            case _:
                return
