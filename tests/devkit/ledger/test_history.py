from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from devkit.ledger.connection import reading
from devkit.ledger.history import figures, history
from devkit.ledger.lastrun import Ending
from devkit.ledger.place import DamagedError
from devkit.ledger.records import Figures

if TYPE_CHECKING:
    from pathlib import Path

    from tests.devkit.ledger.conftest import Ledger


def test_a_project_without_state_has_no_history(tmp_path: Path) -> None:
    assert history(tmp_path) == ()
    assert figures(tmp_path, "test") == Figures()
    assert list(tmp_path.iterdir()) == []


def test_history_is_of_all_runs_or_of_those_of_a_stage(ledger: Ledger) -> None:
    for number in range(5):
        ledger.run({f"{'test' if number % 2 else 'env'}:{number}": Ending.DONE, "lint:x": Ending.DONE})

    assert [run.number for run in history(ledger.root, limit=3)] == [5, 4, 3]
    assert [task.subject.name for run in history(ledger.root, stage="test") for task in run.tasks] == [
        "test:3",
        "test:1",
    ]


def test_figures_count_what_a_stage_did_since_a_time(ledger: Ledger) -> None:
    for number, ending in enumerate([Ending.FAILED, Ending.DONE, Ending.DONE, Ending.SKIPPED, Ending.FAILED]):
        ledger.now = 1_000_000.0 + number
        ledger.run({"test:a": ending}, seconds=number)

    assert figures(ledger.root, "test") == Figures(runs=5, done=3, failed=2, median=1.5)
    assert figures(ledger.root, "test", since=1_000_002.0) == Figures(runs=3, done=2, failed=1, median=2.0)


def test_values_that_devkit_never_wrote_are_a_reason_and_no_crash(ledger: Ledger) -> None:
    ledger.run({"test:a": Ending.DONE})
    with closing(sqlite3.connect(ledger.file)) as connection, connection:
        connection.execute("UPDATE runs SET ending = 'odd'")

    with pytest.raises(DamagedError):
        history(ledger.root)


def test_the_figures_of_a_task_are_remembered_and_others_are_refused(ledger: Ledger) -> None:
    with ledger.running("test:a") as recorder:
        recorder.task_began("test:a")
        recorder.task_ended(
            "test:a", Ending.DONE, seconds=1.0, figures={"coverage": 91.5, "tests": 12, "of": "x" * 600}
        )

    [run] = history(ledger.root)
    assert run.tasks[0].figures == {"coverage": 91.5, "tests": 12, "of": "x" * 500}

    with closing(sqlite3.connect(ledger.file)) as connection, connection:
        connection.execute("UPDATE tasks SET figures = '[]'")
    with pytest.raises(DamagedError):
        history(ledger.root)


def test_nothing_goes_between_two_looks_of_one_reader(ledger: Ledger) -> None:
    ledger.run({"test:a": Ending.DONE})
    with closing(sqlite3.connect(ledger.file, timeout=0, isolation_level=None)) as other:
        with reading(ledger.root) as connection:
            assert connection is not None
            (number,) = connection.execute("SELECT number FROM runs").fetchone()
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                other.execute("DELETE FROM runs")
            assert connection.execute("SELECT command FROM runs WHERE number = ?", (number,)).fetchone() == ("run",)
        other.execute("DELETE FROM runs")
