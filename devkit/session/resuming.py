"""Going on with the last run: what it was about, and what of that is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from devkit.errors import LEDGER, DevkitError
from devkit.ledger.lastrun import Ending

if TYPE_CHECKING:
    from pathlib import Path

_LOOKED_AT = 50
"""Runs that are looked at for the newest one that is over; others may be running now."""


class Unfinished(Struct, frozen=True, kw_only=True):
    """A run that did not end well: its command, and its tasks with whether each was done."""

    command: str
    tasks: dict[str, bool]

    @property
    def done(self) -> frozenset[str]:
        """The tasks that ended well."""
        return frozenset(name for name, is_done in self.tasks.items() if is_done)


def unfinished_run(root: Path) -> Unfinished | None:
    """Return the last run of a project if it failed, was interrupted or killed, else `None`.

    Raises `LEDGER` where the history cannot be read.
    """
    from devkit.ledger.history import history
    from devkit.ledger.place import UnusableError

    try:
        runs = history(root, limit=_LOOKED_AT)
    except UnusableError as problem:
        message = f"the history of runs cannot be read: {problem}"
        raise DevkitError(LEDGER, message, help="name the tasks: devkit run TASK") from problem
    last = next((run for run in runs if run.ending is not Ending.RUNNING), None)
    if last is None or last.ending.is_good:
        return None
    return Unfinished(command=last.command, tasks={task.subject.name: task.ending.is_good for task in last.tasks})
