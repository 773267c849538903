"""The history of runs, read without writing anything: last runs, runs in order, figures.

Each function raises `UnusableError` for a history that cannot be read; where there is none, there were no runs.
"""

from __future__ import annotations

import os
from math import isfinite
from typing import TYPE_CHECKING, Any

from devkit.ledger.connection import reading
from devkit.ledger.place import DamagedError, is_held
from devkit.ledger.records import Ending, Figures, LastRun, RunRecord, TaskRecord, TaskSubject, stage_run
from devkit.project.root import STATE_FOLDER

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from sqlite3 import Connection

_RUN = "SELECT number, mark, command, started, seconds, ending, head, devkit FROM runs WHERE number = ?"
_TASKS = "SELECT name, plugin, version, began, seconds, ending, reason FROM tasks WHERE run = ?"
_LAST_OF_STAGE = "SELECT max(run) FROM tasks WHERE stage = :stage HAVING max(run) IS NOT NULL"
_NEWEST = "SELECT number FROM runs ORDER BY number DESC LIMIT :limit"
_NEWEST_OF_STAGE = "SELECT DISTINCT run FROM tasks WHERE stage = :stage ORDER BY run DESC LIMIT :limit"
_ENDED_OF_STAGE = """\
SELECT number FROM runs WHERE started >= :since AND ending <> 'running'
AND number IN (SELECT run FROM tasks WHERE stage = :stage) ORDER BY number"""


def last_runs(root: Path, stages: Iterable[str]) -> dict[str, LastRun]:
    """Return the last run of each stage that has one."""
    found: dict[str, LastRun] = {}
    with reading(root) as connection:
        if connection is None:
            return found
        history = _History(root, connection)
        for stage in stages:
            for run in history.runs(_LAST_OF_STAGE, stage=stage):
                last = stage_run(run, stage)
                if last is not None:
                    found[stage] = last
    return found


def history(root: Path, *, stage: str = "", limit: int = 20) -> tuple[RunRecord, ...]:
    """Return the newest runs, the last one first; with `stage`, those that have tasks of it, and these tasks."""
    with reading(root) as connection:
        if connection is None:
            return ()
        query = _NEWEST_OF_STAGE if stage else _NEWEST
        return tuple(_History(root, connection).runs(query, stage=stage, limit=limit))


def figures(root: Path, stage: str, *, since: float = 0.0) -> Figures:
    """Return a stage in numbers, from the runs that began after `since` (seconds since the epoch) and have ended."""
    from statistics import median

    with reading(root) as connection:
        runs = (
            [] if connection is None else _History(root, connection).runs(_ENDED_OF_STAGE, stage=stage, since=since)
        )
    ended = [last for run in runs if (last := stage_run(run, stage)) is not None]
    times = [last.seconds for last in ended if last.ending is Ending.DONE and last.seconds is not None]
    return Figures(
        runs=len(ended),
        done=sum(last.ending in {Ending.DONE, Ending.SKIPPED} for last in ended),
        failed=sum(last.ending is Ending.FAILED for last in ended),
        median=median(times) if times else None,
    )


class _History:
    """Rows as records; a run without an end, whose devkit is gone, was interrupted."""

    def __init__(self, root: Path, connection: Connection) -> None:
        self._folder = os.path.join(root, STATE_FOLDER)
        self._connection = connection

    def runs(self, query: str, *, stage: str = "", **values: float) -> list[RunRecord]:
        """Return the runs whose numbers a query finds; with `stage`, only their tasks of it."""
        numbers = self._connection.execute(query, {"stage": stage, **values}).fetchall()
        rows = [self._connection.execute(_RUN, number).fetchone() for number in numbers]
        try:
            return [self._run(*row, stage=stage) for row in rows]
        except (TypeError, ValueError) as problem:
            message = "it holds values that are not devkit's"
            raise DamagedError(message) from problem

    def _run(self, number: int, mark: str, *values: Any, stage: str) -> RunRecord:
        command, started, seconds, ending, head, devkit = values
        is_over = ending == Ending.RUNNING and not is_held(self._folder, str(mark))
        return RunRecord(
            number=int(number),
            command=str(command),
            started=_number(started),
            seconds=_seconds(seconds),
            ending=Ending.INTERRUPTED if is_over else Ending(ending),
            commit=str(head),
            devkit=str(devkit),
            tasks=self._tasks(number, stage, is_over=is_over),
        )

    def _tasks(self, number: int, stage: str, *, is_over: bool) -> tuple[TaskRecord, ...]:
        rows = self._connection.execute(_TASKS, (number,)).fetchall()
        tasks = [_task(*row, is_over=is_over) for row in rows]
        tasks = [task for task in tasks if stage in {"", task.subject.stage}]
        return tuple(sorted(tasks, key=lambda task: (task.began is None, task.began or 0.0)))


def _task(name: str, plugin: str, version: str, *values: Any, is_over: bool) -> TaskRecord:
    began, seconds, ending, reason = values
    return TaskRecord(
        subject=TaskSubject(name=str(name), plugin=str(plugin), version=str(version)),
        began=_seconds(began),
        seconds=_seconds(seconds),
        ending=Ending.INTERRUPTED if is_over and ending == Ending.RUNNING else Ending(ending),
        reason=str(reason),
    )


def _seconds(value: object) -> float | None:
    return None if value is None else _number(value)


def _number(value: object) -> float:
    number = float(str(value))
    if not isfinite(number):
        message = "not a time"
        raise ValueError(message)
    return number
