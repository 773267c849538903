from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from devkit.ledger.lastrun import Ending
from devkit.ledger.lasttasks import last_tasks
from devkit.ledger.place import UnusableError
from devkit.ledger.recorder import Clock, NewRun, Recorder
from devkit.ledger.records import TaskSubject

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / ".devkit/state").mkdir(parents=True)
    return tmp_path


def run(
    root: Path,
    moment: float,
    task: str,
    ending: Ending,
    *,
    reason: str = "",
    figures: Mapping[str, int] | None = None,
) -> None:
    subject = TaskSubject(name=task, plugin="acme", version="1.0")
    new = NewRun(command="run", commit="c" * 40, devkit="0.1", subjects={task: subject})
    with Recorder(root=root, run=new, clock=Clock(now=lambda: moment, ticks=lambda: 1.0)) as recorder:
        recorder.task_began(task)
        recorder.task_ended(task, ending, seconds=2.0, reason=reason, figures=figures or {})
        recorder.ending = ending


def test_without_a_ledger_no_task_ever_ran(tmp_path: Path) -> None:
    assert last_tasks(tmp_path) == {}


def test_each_task_is_told_as_it_went_last(root: Path) -> None:
    run(root, 1e9, "test:unit", Ending.DONE)
    run(root, 1e9 + 10, "test:unit", Ending.FAILED, reason="tests failed (DK1301)")
    run(root, 1e9 + 20, "env:install", Ending.DONE)
    last = last_tasks(root)

    assert set(last) == {"test:unit", "env:install"}
    assert (last["test:unit"].ending, last["test:unit"].started) == (Ending.FAILED, 1e9 + 10)
    assert last["test:unit"].reason == "tests failed (DK1301)"
    assert last["test:unit"].seconds == 2.0


def test_a_task_that_was_up_to_date_has_the_figures_of_when_it_ran(root: Path) -> None:
    run(root, 1e9, "test:unit", Ending.DONE, figures={"passed": 3})
    run(root, 1e9 + 10, "test:unit", Ending.SKIPPED, reason="nothing changed")
    last = last_tasks(root)["test:unit"]

    assert (last.ending, last.reason, dict(last.figures)) == (Ending.SKIPPED, "nothing changed", {"passed": 3})


def test_figures_of_a_former_run_are_not_those_of_a_failure(root: Path) -> None:
    run(root, 1e9, "test:unit", Ending.DONE, figures={"passed": 3})
    run(root, 1e9 + 10, "test:unit", Ending.FAILED)

    assert dict(last_tasks(root)["test:unit"].figures) == {}


def test_a_ledger_that_cannot_be_read_says_so(root: Path) -> None:
    (root / ".devkit/state/ledger.sqlite3").write_text("no database" * 20)

    with pytest.raises(UnusableError):
        last_tasks(root)
