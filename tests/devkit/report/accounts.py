from __future__ import annotations

from devkit.api import DevkitError, Finding, Outcome, Place, RunCommand, Severity, Task, TaskOutcome
from devkit.errors import TASK_FAILED
from devkit.report.account import Account
from devkit.report.events import FindingRaised, TaskEnded, TaskOutput, TaskStarted


def account() -> Account:
    """Return what a run may look like: a task done, one skipped, one failed, one blocked, and a finding."""
    found = Account()
    for name in ("test:unit", "test:lint"):
        found.hear(TaskStarted(Task(name=name, action=RunCommand(argv=("true",)))))
    found.hear(TaskOutput("test:lint", "stdout", "app.py:3: <odd> & \x1b[31mred\udcff"))
    found.hear(TaskEnded(TaskOutcome(task="env:install", outcome=Outcome.SKIPPED, reason="nothing changed")))
    found.hear(TaskEnded(TaskOutcome(task="test:unit", outcome=Outcome.DONE, seconds=1.5)))
    failed = TaskOutcome(
        task="test:lint", outcome=Outcome.FAILED, reason='`a|b` "failed"', code="DK0801", seconds=0.25
    )
    found.hear(TaskEnded(failed))
    found.hear(TaskEnded(TaskOutcome(task="build:image", outcome=Outcome.BLOCKED, reason="`test:lint` failed")))
    place = Place(path="src/ü, b.py", line=3, column=7)
    found.hear(FindingRaised(Finding(code="ACME1", message="100 % odd:\nsee", severity=Severity.INFO, place=place)))
    found.errors.append(DevkitError(TASK_FAILED, "`test:lint` ended with exit code 1", help="its output is above"))
    return found
