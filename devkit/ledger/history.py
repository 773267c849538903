"""Runs in their order, and figures, read without writing anything.

Each function raises `UnusableError` for a ledger that cannot be read; where there is none, there were no runs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from devkit.ledger.connection import reading
from devkit.ledger.lastrun import Ending, LastRun, taken_together
from devkit.ledger.reading import is_gone
from devkit.ledger.records import Figures, RunRecord, TaskRecord, TaskSubject
from devkit.ledger.takingin import idle_records
from devkit.ledger.values import ending, figures_of, number, number_or_none, understood

if TYPE_CHECKING:
    from pathlib import Path
    from sqlite3 import Connection

_RUN = "SELECT number, mark, command, started, seconds, ending, head, devkit FROM runs WHERE number = ?"
_TASKS = "SELECT name, plugin, version, began, seconds, ending, reason, figures FROM tasks WHERE run = ?"
_NEWEST = "SELECT number FROM runs ORDER BY number DESC LIMIT :limit"
_NEWEST_OF_STAGE = "SELECT DISTINCT run FROM tasks WHERE stage = :stage ORDER BY run DESC LIMIT :limit"
_ENDED_OF_STAGE = """\
SELECT number FROM runs WHERE started >= :since AND ending <> 'running'
AND number IN (SELECT run FROM tasks WHERE stage = :stage) ORDER BY number"""


def history(root: Path, *, stage: str = "", limit: int = 20) -> tuple[RunRecord, ...]:
    """Return the newest runs, the last one first; with `stage`, those that have tasks of it, and these tasks."""
    query = _NEWEST_OF_STAGE if stage else _NEWEST
    runs = _runs(root, query, stage=stage, limit=limit)
    idle = idle_records(root, max((run.number for run in runs), default=0), stage)
    return (*idle, *runs)[:limit]


def figures(root: Path, stage: str, *, since: float = 0.0) -> Figures:
    """Return a stage in numbers, from the runs that began after `since` (seconds since the epoch) and have ended."""
    from statistics import median

    runs = _runs(root, _ENDED_OF_STAGE, stage=stage, since=since)
    ended = [last for run in runs if (last := stage_run(run, stage)) is not None]
    times = [last.seconds for last in ended if last.ending is Ending.DONE and last.seconds is not None]
    return Figures(
        runs=len(ended),
        done=sum(last.ending.is_good for last in ended),
        failed=sum(last.ending is Ending.FAILED for last in ended),
        median=median(times) if times else None,
    )


def stage_run(run: RunRecord, stage: str) -> LastRun | None:
    """Return how the tasks of a stage went in a run, or `None` when it had none of them."""
    tasks = [
        (task.ending, task.began, task.seconds, task.reason) for task in run.tasks if task.subject.stage == stage
    ]
    return taken_together(tasks, stage=stage, started=run.started, commit=run.commit)


def _runs(root: Path, query: str, *, stage: str, **values: float) -> tuple[RunRecord, ...]:
    """Return the runs whose numbers a query finds; with `stage`, only their tasks of it."""
    with reading(root) as connection:
        if connection is None:
            return ()
        numbers = connection.execute(query, {"stage": stage, **values}).fetchall()
        rows = [connection.execute(_RUN, key).fetchone() for key in numbers]
        with understood():
            return tuple(_run(root, connection, stage, *row) for row in rows)


def _run(root: Path, connection: Connection, stage: str, key: Any, mark: Any, *values: Any) -> RunRecord:
    command, started, seconds, how, head, devkit = values
    is_over = is_gone(root, mark, how)
    rows = connection.execute(_TASKS, (key,)).fetchall()
    tasks = [_task(*row, is_over=is_over) for row in rows]
    chosen = [task for task in tasks if stage in {"", task.subject.stage}]
    return RunRecord(
        number=int(key),
        command=str(command),
        started=number(started),
        seconds=number_or_none(seconds),
        ending=ending(how, is_over=is_over),
        commit=str(head),
        devkit=str(devkit),
        tasks=tuple(sorted(chosen, key=lambda task: (task.began is None, task.began or 0.0))),
    )


def _task(name: Any, plugin: Any, version: Any, *values: Any, is_over: bool) -> TaskRecord:
    began, seconds, how, reason, figures = values
    return TaskRecord(
        subject=TaskSubject(name=str(name), plugin=str(plugin), version=str(version)),
        began=number_or_none(began),
        seconds=number_or_none(seconds),
        ending=ending(how, is_over=is_over),
        reason=str(reason),
        figures=figures_of(figures),
    )
