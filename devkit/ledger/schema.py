"""The tables of the ledger, and whether a file has exactly these."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite3 import Connection

VERSION = 2
_APPLICATION = 0x646B6C67
"""The four bytes `dklg`, by which a ledger is known from any other database."""
_RUNS = """\
CREATE TABLE runs (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    mark TEXT NOT NULL UNIQUE,
    command TEXT NOT NULL,
    started REAL NOT NULL,
    seconds REAL,
    ending TEXT NOT NULL,
    head TEXT NOT NULL,
    devkit TEXT NOT NULL
)"""
_TASKS = """\
CREATE TABLE tasks (
    run INTEGER NOT NULL REFERENCES runs (number) ON DELETE CASCADE,
    name TEXT NOT NULL,
    stage TEXT NOT NULL,
    plugin TEXT NOT NULL,
    version TEXT NOT NULL,
    began REAL,
    seconds REAL,
    ending TEXT NOT NULL,
    reason TEXT NOT NULL,
    figures TEXT NOT NULL,
    PRIMARY KEY (run, name)
) WITHOUT ROWID"""
_BY_STAGE = "CREATE INDEX tasks_by_stage ON tasks (stage, run)"
_OBJECTS = """\
SELECT type, name, sql FROM sqlite_master
WHERE name <> 'sqlite_sequence' AND NOT (type = 'index' AND sql IS NULL)"""
_OURS = {("table", "runs", _RUNS), ("table", "tasks", _TASKS), ("index", "tasks_by_stage", _BY_STAGE)}


def create_tables(connection: Connection) -> None:
    """Make the tables in an empty file, within the caller's transaction."""
    for statement in (_RUNS, _TASKS, _BY_STAGE):
        connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {_APPLICATION}")
    connection.execute(f"PRAGMA user_version = {VERSION}")


def is_empty(connection: Connection) -> bool:
    """Whether the file holds nothing at all yet."""
    (count,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    return bool(count == 0) and _number(connection, "user_version") == 0


def what_is_wrong(connection: Connection) -> str:
    """Return why the tables cannot be used, or `""`.

    The text of the schema is compared too: a file that came with a clone could hold triggers and views.
    """
    if _number(connection, "application_id") != _APPLICATION:
        return "it is not a ledger"
    version = _number(connection, "user_version")
    if version != VERSION:
        return f"a {'newer' if version > VERSION else 'former'} devkit wrote it (schema {version}, here {VERSION})"
    found = connection.execute(_OBJECTS)
    return "" if set(found) == _OURS else "its tables are not those of devkit"


def _number(connection: Connection, pragma: str) -> int:
    (value,) = connection.execute(f"PRAGMA {pragma}").fetchone()
    return int(value)
