from __future__ import annotations

import os
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devkit.ledger.history import history
from devkit.ledger.lastrun import Ending
from devkit.ledger.place import DamagedError, UnusableError
from devkit.ledger.reading import last_runs
from tests.devkit.ledger.conftest import Ledger

if TYPE_CHECKING:
    from collections.abc import Mapping

texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)
endings = st.sampled_from([Ending.DONE, Ending.SKIPPED, Ending.FAILED, Ending.INTERRUPTED])


def test_a_project_without_state_has_no_history_and_gets_none(tmp_path: Path) -> None:
    assert last_runs(tmp_path, {"test": ()}) == {}
    assert os.listdir(tmp_path) == []


def test_the_last_run_of_a_stage_is_the_newest_that_had_a_task_of_it(ledger: Ledger) -> None:
    ledger.run({"env:sync": Ending.DONE, "test:pytest": Ending.FAILED}, seconds=2, ending=Ending.FAILED)
    ledger.now += 100
    ledger.run({"env:sync": Ending.SKIPPED})

    found = last_runs(ledger.root, {"env": (), "test": (), "build": ()})

    assert set(found) == {"env", "test"}
    assert (found["env"].ending, found["env"].started) == (Ending.SKIPPED, 1_000_100.0)
    assert (found["test"].ending, found["test"].started, found["test"].seconds) == (Ending.FAILED, 1_000_002.0, 2.0)


def test_a_task_that_failed_decides_about_its_stage_until_it_runs_again(ledger: Ledger) -> None:
    ledger.run({"test:unit": Ending.FAILED, "test:lint": Ending.DONE}, ending=Ending.FAILED)
    ledger.now += 100
    ledger.run({"test:lint": Ending.DONE})
    tasks = {"test": ("test:unit", "test:lint", "test:never")}

    failed = last_runs(ledger.root, tasks)["test"]
    ledger.run({"test:unit": Ending.DONE})

    assert (failed.ending, failed.started) == (Ending.FAILED, 1_000_000.0)
    assert last_runs(ledger.root, tasks)["test"].ending is Ending.DONE


def test_a_failed_task_that_its_stage_does_not_mean_is_no_matter_of_the_stage(ledger: Ledger) -> None:
    ledger.run({"test:load": Ending.FAILED}, ending=Ending.FAILED)
    ledger.run({"test:unit": Ending.DONE})

    assert last_runs(ledger.root, {"test": ("test:unit",)})["test"].ending is Ending.DONE


def test_a_stage_that_runs_again_is_running_whatever_failed_before(ledger: Ledger) -> None:
    ledger.run({"test:unit": Ending.FAILED, "test:lint": Ending.FAILED}, ending=Ending.FAILED)
    with ledger.running("test:lint") as recorder:
        recorder.task_began("test:lint")
        running = last_runs(ledger.root, {"test": ("test:unit", "test:lint")})["test"]

    assert running.ending is Ending.RUNNING


def test_reading_leaves_no_trace(ledger: Ledger) -> None:
    ledger.run({"test:a": Ending.DONE})
    ledger.file.chmod(0o444)
    before = {path: path.stat() for path in (ledger.file, ledger.file.parent)}
    content = ledger.file.read_bytes()

    last_runs(ledger.root, {"test": ()})
    history(ledger.root)

    assert ledger.names() == ["ledger.sqlite3"]
    assert ledger.file.read_bytes() == content
    assert {path: path.stat().st_mtime_ns for path in before} == {
        path: status.st_mtime_ns for path, status in before.items()
    }


def test_a_ledger_whose_journal_became_a_log_is_left_to_a_writer(ledger: Ledger) -> None:
    ledger.run({"test:a": Ending.DONE})
    with closing(sqlite3.connect(ledger.file)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")

    with pytest.raises(UnusableError, match="another program"):
        last_runs(ledger.root, {"test": ()})
    assert ledger.names() == ["ledger.sqlite3"]

    ledger.run({"test:b": Ending.DONE})
    assert len(history(ledger.root)) == 2


def test_a_ledger_with_half_a_transaction_is_left_to_a_writer(ledger: Ledger) -> None:
    ledger.run({"test:a": Ending.DONE})
    copies = {}
    with closing(sqlite3.connect(ledger.file, isolation_level=None)) as connection:
        connection.execute("PRAGMA cache_size = 1")
        connection.execute("PRAGMA cache_spill = 1")
        connection.execute("BEGIN")
        for number in range(2000):
            row = (f"run-{number}", "x" * 100)
            connection.execute("INSERT INTO runs VALUES (NULL, ?, ?, 0, 0, 'done', '', '')", row)
        for path in (ledger.file, Path(f"{ledger.file}-journal")):
            copies[path] = path.read_bytes()
    for path, content in copies.items():
        path.write_bytes(content)

    with pytest.raises(UnusableError):
        last_runs(ledger.root, {"test": ()})
    assert {path: path.read_bytes() for path in copies} == copies

    ledger.run({"test:b": Ending.DONE})
    assert [run.tasks[0].subject.name for run in history(ledger.root)] == ["test:b", "test:a"]


@pytest.mark.parametrize(
    "change",
    ["UPDATE tasks SET ending = 'odd'", "UPDATE runs SET started = 'soon'", "UPDATE tasks SET seconds = 'x'"],
)
def test_values_that_devkit_never_wrote_are_a_reason_and_no_crash(ledger: Ledger, change: str) -> None:
    ledger.run({"test:a": Ending.DONE})
    with closing(sqlite3.connect(ledger.file)) as connection, connection:
        connection.execute(change)

    with pytest.raises(DamagedError):
        last_runs(ledger.root, {"test": ()})


@settings(max_examples=60, deadline=None)
@given(tasks=st.dictionaries(st.builds("{}:{}".format, texts, texts), st.tuples(endings, texts), max_size=6))
def test_what_is_written_is_read_again(tasks: Mapping[str, tuple[Ending, str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        ledger = Ledger(Path(folder))
        ledger.file.parent.mkdir(parents=True)
        with ledger.running(*tasks) as recorder:
            for name, (ending, reason) in tasks.items():
                recorder.task_began(name)
                ledger.ticks += 1
                recorder.task_ended(name, ending, seconds=1, reason=reason)

        (run,) = history(ledger.root)

    assert {task.subject.name: (task.ending, task.reason) for task in run.tasks} == tasks
    assert [task.subject.name for task in run.tasks] == list(tasks)
