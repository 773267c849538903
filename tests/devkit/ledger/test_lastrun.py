from __future__ import annotations

import pytest

from devkit.ledger.history import stage_run
from devkit.ledger.lastrun import Ending
from devkit.ledger.records import RunRecord, TaskRecord, TaskSubject


def run(*tasks: TaskRecord) -> RunRecord:
    return RunRecord(
        number=1, command="run", started=100.0, ending=Ending.DONE, commit="abc", devkit="0.1", tasks=tasks
    )


def task(name: str, ending: Ending, began: float | None = 0.0, seconds: float | None = 1.0) -> TaskRecord:
    subject = TaskSubject(name=name, plugin="acme", version="1")
    return TaskRecord(subject=subject, ending=ending, reason=f"{name} {ending}", began=began, seconds=seconds)


def test_a_stage_without_tasks_in_a_run_did_not_run() -> None:
    assert stage_run(run(task("test:a", Ending.DONE)), "lint") is None


@pytest.mark.parametrize(
    ("endings", "expected"),
    [
        ([Ending.DONE, Ending.SKIPPED], Ending.DONE),
        ([Ending.SKIPPED, Ending.SKIPPED], Ending.SKIPPED),
        ([Ending.DONE, Ending.FAILED, Ending.BLOCKED], Ending.FAILED),
        ([Ending.DONE, Ending.BLOCKED], Ending.BLOCKED),
        ([Ending.DONE, Ending.INTERRUPTED], Ending.INTERRUPTED),
        ([Ending.FAILED, Ending.RUNNING], Ending.RUNNING),
    ],
)
def test_the_worst_task_decides_about_the_stage(endings: list[Ending], expected: Ending) -> None:
    last = stage_run(run(*(task(f"test:{number}", ending) for number, ending in enumerate(endings))), "test")

    assert last is not None
    assert last.ending is expected
    assert last.reason.endswith(expected)


def test_tasks_side_by_side_count_once() -> None:
    last = stage_run(run(task("t:a", Ending.DONE, 2.0, 4.0), task("t:b", Ending.DONE, 3.0, 5.0)), "t")

    assert last is not None
    assert (last.started, last.seconds) == (102.0, 6.0)


def test_a_stage_with_a_killed_task_has_no_duration() -> None:
    last = stage_run(run(task("t:a", Ending.DONE, 0.0, 1.0), task("t:b", Ending.INTERRUPTED, 1.0, None)), "t")

    assert last is not None
    assert last.seconds is None


def test_a_killed_task_has_no_duration() -> None:
    last = stage_run(run(task("t:a", Ending.INTERRUPTED, 2.0, None)), "t")

    assert last is not None
    assert last.seconds is None
