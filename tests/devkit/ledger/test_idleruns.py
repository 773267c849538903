from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from devkit.ledger.history import history
from devkit.ledger.idleruns import FILE, idle_runs, note_idle, take_idle_runs
from devkit.ledger.lastrun import Ending
from devkit.ledger.reading import last_runs
from devkit.ledger.recorder import NewRun, Recorder
from devkit.ledger.records import TaskSubject

if TYPE_CHECKING:
    from pathlib import Path

TASKS = ["test:unit\tnothing changed\ttest\t1.0", "env:lock\tnothing changed\tenv\t1.0"]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / FILE).parent.mkdir(parents=True)
    return tmp_path


def run(root: Path, name: str = "test:unit") -> None:
    subject = TaskSubject(name=name, plugin="test", version="1.0")
    new = NewRun(command="run", commit="c", devkit="1", subjects={name: subject})
    with Recorder(root=root, run=new) as recorder:
        recorder.task_ended(name, Ending.DONE, seconds=1.0)
        recorder.ending = Ending.DONE


def test_a_noted_run_is_told_of_before_the_ledger_has_it_and_after(root: Path) -> None:
    run(root)
    assert note_idle(str(root), "run", "abc", "1.2", TASKS)
    before = history(root)
    run(root)
    after = history(root)

    assert [each.ending for each in before] == [Ending.SKIPPED, Ending.DONE]
    assert [each.ending for each in after] == [Ending.DONE, Ending.SKIPPED, Ending.DONE]
    assert [each.number for each in before] == [2, 1]
    assert {each.subject for each in before[0].tasks} == {each.subject for each in after[1].tasks}
    assert (after[1].commit, after[1].devkit) == ("abc", "1.2")
    assert not (root / FILE).exists()


def test_the_last_run_of_a_stage_may_be_a_noted_one(root: Path) -> None:
    run(root)
    note_idle(str(root), "run", "abc", "1.2", TASKS)
    found = last_runs(root, {"test": (), "env": (), "build": ()})

    assert found["test"].ending is Ending.SKIPPED
    assert found["env"].reason == "nothing changed"
    assert "build" not in found


def test_only_runs_of_a_stage_are_told_of_when_that_is_asked(root: Path) -> None:
    run(root)
    note_idle(str(root), "run", "abc", "1.2", TASKS[:1])

    assert [each.ending for each in history(root, stage="test")] == [Ending.SKIPPED, Ending.DONE]
    assert history(root, stage="env") == ()


def test_what_makes_no_sense_is_left_out(root: Path) -> None:
    (root / FILE).write_bytes(b"\xff\n1.0\n1.0\x1fc\x1fv\x1ftoo\tfew\nnan?\x1fc\x1fv\x1fa\tb\tc\td\n")
    note_idle(str(root), "run", "abc", "1.2", TASKS)

    assert [each.commit for each in idle_runs(str(root))] == ["abc"]


def test_of_several_takers_each_run_has_one(root: Path) -> None:
    note_idle(str(root), "run", "abc", "1.2", TASKS)

    assert len(take_idle_runs(str(root))) == 1
    assert take_idle_runs(str(root)) == []
    assert os.listdir((root / FILE).parent) == []


def test_a_large_file_is_left_to_the_ledger(root: Path) -> None:
    (root / FILE).write_bytes(b"\n" * 1024 * 1024)

    assert not note_idle(str(root), "run", "abc", "1.2", TASKS)


def test_where_nothing_can_be_written_nothing_is_noted(tmp_path: Path) -> None:
    assert not note_idle(str(tmp_path), "run", "abc", "1.2", TASKS)
