"""Opening the ledger's database, and what its errors mean."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from devkit.ledger.place import LEDGER_FILE, DamagedError, UnusableError, is_there, needs_companions
from devkit.ledger.schema import create_tables, is_empty, what_is_wrong

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from sqlite3 import Connection, Error

_PATIENCE = 0.5
"""Seconds to wait for another process that is writing; it takes less than a millisecond."""
_CHANGED = "another program changed how its journal is kept"


class BusyError(UnusableError):
    """Another process holds the ledger."""


@contextmanager
def reading(root: Path) -> Iterator[Connection | None]:
    """Give a connection that writes nothing, not even beside the ledger, or `None` when there is no ledger.

    Raises `UnusableError`, also for a failure within the block.
    """
    if not is_there(root):
        yield None
        return
    with explained():
        if needs_companions(root):
            raise UnusableError(_CHANGED)
        connection = _connect(root, "ro")
        try:
            connection.execute("BEGIN")  # all that is read is of one moment
            if is_empty(connection):
                yield None
                return
            _check(connection)
            yield connection
        finally:
            connection.close()


def open_for_writing(root: Path) -> Connection:
    """Return a connection to the ledger, which is made when there is none; to be called within `opening`.

    `DamagedError`: what is there has to be set aside first.
    """
    with explained():
        is_there(root)
        connection = _connect(root, "rwc")
        try:
            if is_empty(connection):
                _create(connection)
            _check(connection)
            connection.execute("PRAGMA journal_mode = DELETE")
        except BaseException:
            connection.close()
            raise
        return connection


@contextmanager
def transaction(connection: Connection) -> Iterator[None]:
    """Commit what the block writes, or none of it; `BusyError` when another process is writing for long."""
    with explained():
        try:
            connection.execute("BEGIN IMMEDIATE")
            yield
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


@contextmanager
def explained() -> Iterator[None]:
    """Turn errors of SQLite and of the system within the block into the reason why the ledger cannot be used."""
    import sqlite3

    try:
        yield
    except sqlite3.Error as problem:
        raise _meaning(problem) from problem
    except OSError as problem:
        raise UnusableError(problem.strerror or "it cannot be opened") from problem


def _connect(root: Path, mode: str) -> Connection:
    import sqlite3

    address = f"{(root / LEDGER_FILE).as_uri()}?mode={mode}"
    connection = sqlite3.connect(
        address, uri=True, timeout=_PATIENCE, isolation_level=None, check_same_thread=False, cached_statements=32
    )
    connection.text_factory = _text
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = OFF")  # a kill loses nothing; after a power cut it may be set aside
    return connection


def _text(content: bytes) -> str:
    return content.decode("utf-8", "replace")


def _create(connection: Connection) -> None:
    with transaction(connection):
        if is_empty(connection):
            create_tables(connection)


def _check(connection: Connection) -> None:
    reason = what_is_wrong(connection)
    if reason:
        raise DamagedError(reason)


def _meaning(problem: Error) -> UnusableError:
    import sqlite3

    code = getattr(problem, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    words = str(problem)
    if code == sqlite3.SQLITE_READONLY_ROLLBACK:
        return UnusableError("a killed run left it half written")
    outer = {
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_AUTH,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_NOLFS,
    }
    primary = code & 0xFF
    if primary in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return BusyError("another process has it open")
    return UnusableError(words) if primary in outer else DamagedError(words)
