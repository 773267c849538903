"""What is done to the ledger before a run is added: runs that were killed are closed, old ones go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from devkit.ledger import statements
from devkit.ledger.place import DamagedError

if TYPE_CHECKING:
    from collections.abc import Callable
    from sqlite3 import Connection

_DAY = 86_400.0


class Limits(Struct, frozen=True, kw_only=True):
    """How much history is kept: for how long, in seconds, and how many runs and tasks."""

    age: float = 90 * _DAY
    runs: int = 2_000
    tasks: int = 50_000


def close_killed_runs(connection: Connection, is_alive: Callable[[str], bool]) -> None:
    """Note that runs were interrupted whose devkit is gone without having said how they ended."""
    for number, mark in connection.execute(statements.UNFINISHED_RUNS).fetchall():
        if not is_alive(str(mark)):
            connection.execute(statements.KILLED_RUN, (number,))
            connection.execute(statements.KILLED_TASKS, (number,))


def prune(connection: Connection, *, now: float, limits: Limits) -> None:
    """Drop runs that are too old or too many; on the first run of a day, count tasks and check the whole file.

    Raises `DamagedError` when the check finds something.
    """
    newest = connection.execute(statements.NEWEST_START).fetchone()
    connection.execute(statements.DROP_OLDER, (now - limits.age,))
    connection.execute(statements.DROP_BEYOND, (limits.runs,))
    if newest is None or float(newest[0]) // _DAY != now // _DAY:
        connection.execute(statements.DROP_BEYOND_TASKS, (limits.tasks,))
        _check_whole(connection)


def _check_whole(connection: Connection) -> None:
    (answer,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if answer != "ok":
        message = "the file is damaged"
        raise DamagedError(message)
