"""The ledger opened by one run, which it shows to be alive."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from msgspec import Struct

from devkit.ledger.connection import open_for_writing, transaction
from devkit.ledger.place import DamagedError, is_held, make_mark, opening, remove_mark, set_aside, sweep_marks
from devkit.ledger.upkeep import close_killed_runs, prune

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from sqlite3 import Connection

    from devkit.ledger.upkeep import Limits

Value = str | float | None


class Store(Struct, frozen=True, kw_only=True):
    """A connection to the ledger, and the mark that is locked for as long as the run lives.

    `former` says what was found broken and where it was set aside to, or is `None`.
    """

    connection: Connection
    folder: str
    mark: str
    handle: int
    former: tuple[str, str] | None

    @classmethod
    def open(cls, root: Path, *, now: float, limits: Limits) -> Self:
        """Open the ledger, or make it; bring it up to date at `now` (seconds since the epoch).

        Raises `UnusableError`, and `OSError` where the state folder cannot be written.
        """
        with opening(root) as folder:
            connection, former = _connected(root, folder, now=now, limits=limits)
            try:
                sweep_marks(folder)
                mark, handle = make_mark(folder)
            except BaseException:
                connection.close()
                raise
        return cls(connection=connection, folder=folder, mark=mark, handle=handle, former=former)

    def write(self, writings: Sequence[tuple[str, Mapping[str, Value]]]) -> None:
        """Commit statements together; `mark` is this run's unless a statement has another. Raises `UnusableError`."""
        with transaction(self.connection):
            for statement, values in writings:
                self.connection.execute(statement, {"mark": self.mark, **values})

    def close(self) -> None:
        """Close the ledger; from now on the run counts as over."""
        self.connection.close()
        remove_mark(self.folder, self.mark, self.handle)


def _connected(root: Path, folder: str, *, now: float, limits: Limits) -> tuple[Connection, tuple[str, str] | None]:
    try:
        return _ready(root, folder, now=now, limits=limits), None
    except DamagedError as problem:
        former = (str(problem), set_aside(root))
    return _ready(root, folder, now=now, limits=limits), former


def _ready(root: Path, folder: str, *, now: float, limits: Limits) -> Connection:
    connection = open_for_writing(root)
    try:
        with transaction(connection):
            close_killed_runs(connection, lambda mark: is_held(folder, mark))
            prune(connection, now=now, limits=limits)
    except BaseException:
        connection.close()
        raise
    return connection
