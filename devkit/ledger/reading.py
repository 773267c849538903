"""The last run of each stage, read without writing anything."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from devkit.ledger.connection import reading
from devkit.ledger.idleruns import FILE as IDLE_RUNS
from devkit.ledger.idleruns import idle_runs
from devkit.ledger.lastrun import Ending, LastRun, taken_together
from devkit.ledger.place import is_held
from devkit.ledger.values import ending, number, number_or_none, understood
from devkit.project.root import STATE_FOLDER

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path
    from sqlite3 import Connection

    from devkit.ledger.idleruns import IdleRun

_RUN = """\
SELECT number, mark, started, ending, head FROM runs
WHERE number = (SELECT max(run) FROM tasks WHERE stage = ?)"""
_NEWEST_OF_TASK = "SELECT max(run) FROM tasks WHERE stage = ? AND name = ?"
_IN_RUN = "SELECT ending FROM tasks WHERE run = ? AND name = ?"
_BY_NUMBER = "SELECT number, mark, started, ending, head FROM runs WHERE number = ?"
_TASKS = "SELECT ending, began, seconds, reason FROM tasks WHERE run = ? AND stage = ?"


def last_runs(root: Path, stages: Mapping[str, Collection[str]]) -> dict[str, LastRun]:
    """Return the last run of each stage that has one; `UnusableError` for a ledger that cannot be read.

    `stages` names tasks of each: while one of them has failed and not run since, that run is the one that is meant.
    """
    with reading(root) as connection:
        if connection is None:
            return {}
        found = {stage: _last(root, connection, stage) for stage in stages}
        failed = {stage: _unmended(root, connection, stage, tasks) for stage, tasks in stages.items()}
    if os.path.exists(os.path.join(root, IDLE_RUNS)):
        noted = idle_runs(os.fspath(root))
        found = {stage: _later(last, noted, stage) for stage, last in found.items()}
    found = {stage: _that_counts(last, failed[stage]) for stage, last in found.items()}
    return {stage: last for stage, last in found.items() if last is not None}


def _that_counts(last: LastRun | None, failed: LastRun | None) -> LastRun | None:
    """Return what a stage is at, else what failed in it and was not mended since, else its last run."""
    is_at_work = last is not None and last.ending is Ending.RUNNING
    return last if failed is None or is_at_work else failed


def _later(last: LastRun | None, noted: Sequence[IdleRun], stage: str) -> LastRun | None:
    """Return the last run of a stage, or one with nothing to do that came after it."""
    from devkit.ledger.takingin import last_idle

    idle = last_idle(noted, stage)
    return idle if idle is not None and (last is None or idle.started >= last.started) else last


def is_gone(root: Path, mark: object, how: object) -> bool:
    """Whether a run that seems to be running is over, because its devkit is gone."""
    return how == Ending.RUNNING and not is_held(os.path.join(root, STATE_FOLDER), str(mark))


def _last(root: Path, connection: Connection, stage: str) -> LastRun | None:
    run = connection.execute(_RUN, (stage,)).fetchone()
    return None if run is None else _of_run(root, connection, stage, run)


def _unmended(root: Path, connection: Connection, stage: str, tasks: Collection[str]) -> LastRun | None:
    """Return the last run of a stage in which one of the tasks failed that has not run since."""
    newest = [(connection.execute(_NEWEST_OF_TASK, (stage, name)).fetchone()[0], name) for name in tasks]
    runs = [run for run, name in newest if connection.execute(_IN_RUN, (run, name)).fetchone() == (Ending.FAILED,)]
    if not runs:
        return None
    return _of_run(root, connection, stage, connection.execute(_BY_NUMBER, (max(runs),)).fetchone())


def _of_run(root: Path, connection: Connection, stage: str, run: tuple[Any, ...]) -> LastRun | None:
    key, mark, started, how, head = run
    is_over = is_gone(root, mark, how)
    rows = connection.execute(_TASKS, (key, stage)).fetchall()
    with understood():
        tasks = [_went(*row, is_over=is_over) for row in rows]
        return taken_together(tasks, stage=stage, started=number(started), commit=str(head))


def _went(how: Any, began: Any, seconds: Any, reason: Any, *, is_over: bool) -> tuple[Any, ...]:
    return ending(how, is_over=is_over), number_or_none(began), number_or_none(seconds), str(reason)
