"""How each task went when last it ran, read without writing anything."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from devkit.ledger.connection import reading
from devkit.ledger.idleruns import idle_runs
from devkit.ledger.lastrun import Ending
from devkit.ledger.reading import is_gone
from devkit.ledger.values import ending, figures_of, number, number_or_none, understood

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from sqlite3 import Connection

    from devkit.api.tasks import Figure

_NEWEST = "SELECT name, max(run) FROM tasks GROUP BY name"
_MEASURED = "SELECT name, max(run) FROM tasks WHERE figures <> '{}' GROUP BY name"
_TASK = """\
SELECT mark, runs.ending, started, head, began, tasks.seconds, tasks.ending, reason, figures
FROM tasks JOIN runs ON number = run WHERE run = ? AND name = ?"""


class LastTask(Struct, frozen=True, kw_only=True):
    """How a task went: `started` in seconds since the epoch, its duration if it is known, and why it ended so.

    `figures` are those of the last time that it measured any: a task that was up to date measures nothing.
    """

    name: str
    ending: Ending
    started: float
    seconds: float | None
    reason: str
    commit: str
    figures: Mapping[str, Figure] = field(default_factory=dict)


def last_tasks(root: Path) -> dict[str, LastTask]:
    """Return the last run of every task that ever ran; `UnusableError` for a ledger that cannot be read."""
    with reading(root) as connection:
        if connection is None:
            return {}
        measured = dict(connection.execute(_MEASURED).fetchall())
        newest = connection.execute(_NEWEST).fetchall()
        with understood():
            found = {str(name): _task(root, connection, str(name), run, measured.get(name)) for name, run in newest}
    return _with_idle(found, root)


def _with_idle(found: dict[str, LastTask], root: Path) -> dict[str, LastTask]:
    """Return the last run of each task, those with nothing to do that wait to be taken in among them."""
    for run in idle_runs(os.fspath(root)):
        for name, reason, *_ in run.tasks:
            former = found.get(name)
            if former is None or former.started <= run.started:
                found[name] = LastTask(
                    name=name,
                    ending=Ending.SKIPPED,
                    started=run.started,
                    seconds=0.0,
                    reason=reason,
                    commit=run.commit,
                    figures=former.figures if former else {},
                )
    return found


def _task(root: Path, connection: Connection, name: str, run: Any, measured: Any) -> LastTask:
    mark, how_run, started, head, began, seconds, how, reason, figures = _row(connection, run, name)
    if measured is not None and measured != run and how == Ending.SKIPPED:
        *_, figures = _row(connection, measured, name)
    return LastTask(
        name=name,
        ending=ending(how, is_over=is_gone(root, mark, how_run)),
        started=number(started) + (number_or_none(began) or 0.0),
        seconds=number_or_none(seconds),
        reason=str(reason),
        commit=str(head),
        figures=figures_of(figures),
    )


def _row(connection: Connection, run: Any, name: str) -> tuple[Any, ...]:
    row: tuple[Any, ...] = connection.execute(_TASK, (run, name)).fetchone()
    return row
