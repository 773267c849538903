from __future__ import annotations

from typing import TYPE_CHECKING

from devkit.api.tasks import Outcome, RunCommand, Task, TaskOutcome
from devkit.report.console import Console
from devkit.report.events import TaskEnded, TaskOutput, TaskStarted

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pytest

TASK = Task(name="test:unit", summary="Test.", action=RunCommand(argv=("true",)))


def failed(lines: Iterable[str]) -> None:
    console = Console()
    console(TaskStarted(TASK))
    for line in lines:
        console(TaskOutput(task=TASK.name, stream="stdout", text=line))
    console(TaskEnded(TaskOutcome(task=TASK.name, outcome=Outcome.FAILED)))


def test_the_whole_output_of_what_fails_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    failed(f"line {number}" for number in range(5000))
    told = capsys.readouterr().err.splitlines()

    assert told[:2] == ["test:unit printed:", "line 0"]
    assert told[-2:] == ["line 4999", "failed  test:unit 0.0 s"]
