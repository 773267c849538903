"""Staging a transaction: looking at what is to be replaced, and writing all that replacing and undoing need."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from msgspec import Struct

from devkit.api.blaming import blamed
from devkit.engine.journal import Entry, Journal, parents, write_journal
from devkit.engine.statefolder import make_state_folder
from devkit.engine.undo import JOURNAL_DRAFT, TRANSACTION, before_image, staged
from devkit.errors import CHANGED_UNDERNEATH, NOT_A_FILE, DevkitError, Place
from devkit.project.journal import JOURNAL_FILE
from devkit.project.state import ABSENT, FileState, digest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from devkit.engine.inside import Inside


class Change(Struct, frozen=True, kw_only=True):
    """A file's new content (`None`: it goes), and what must be there before; `executable` `None` keeps the mode."""

    path: str
    before: FileState
    content: bytes | None
    executable: bool | None = None


class Target(Struct, frozen=True, kw_only=True):
    """A change, and the file that it replaces as it was when it was looked at; `None` where there is none."""

    change: Change
    status: os.stat_result | None


def look_at(inside: Inside, change: Change) -> Target:
    """Look at a file that is to be replaced; refuse what is no plain file, or not as it was planned for."""
    where = Place(path=change.path)
    with blamed(change.path):
        status = inside.status(change.path)
        state = ABSENT if status is None else inside.state(change.path)
    if status is not None and not (stat.S_ISREG(status.st_mode) and status.st_nlink == 1):
        message = f"`{change.path}` is {_what(status)}"
        raise DevkitError(NOT_A_FILE, message, place=where, help="move it away, or: devkit eject " + change.path)
    if state != change.before:
        message = f"`{change.path}` changed while devkit was planning"
        raise DevkitError(CHANGED_UNDERNEATH, message, place=where, help="run the command again")
    return Target(change=change, status=status)


def _what(status: os.stat_result) -> str:
    if stat.S_ISREG(status.st_mode):
        return "one of several names of one file (a hard link)"
    kinds = {stat.S_IFLNK: "a symbolic link", stat.S_IFDIR: "a folder", stat.S_IFIFO: "a pipe"}
    return kinds.get(stat.S_IFMT(status.st_mode), "not a regular file")


def prepare(inside: Inside, targets: Sequence[Target], command: str, *, keeps: bool) -> Journal:
    """Write all that publishing and undoing need, synced; nothing outside of devkit's state is touched."""
    with blamed(TRANSACTION):
        make_state_folder(inside)
        inside.make_folder(TRANSACTION)
    entries = tuple(_stage(inside, number, target) for number, target in enumerate(targets))
    for entry in entries:
        if entry.after.kind == "file":
            with blamed(entry.path):
                inside.sync(staged(entry.number))
    folders = _missing_folders(inside, entries)
    token = os.urandom(8).hex()
    journal = Journal(command=command, token=token, entries=entries, folders=folders, is_kept=keeps)
    with blamed(JOURNAL_FILE):
        inside.write(JOURNAL_DRAFT, write_journal(journal))
        inside.sync(JOURNAL_DRAFT)
        inside.move(JOURNAL_DRAFT, JOURNAL_FILE)
        for folder in (TRANSACTION, *reversed(parents(TRANSACTION)), ""):
            inside.sync(folder)
    return journal


def _stage(inside: Inside, number: int, target: Target) -> Entry:
    change = target.change
    with blamed(change.path):
        if target.status is not None:
            _keep_image(inside, change.path, before_image(number))
        after = ABSENT if change.content is None else _write(inside, staged(number), target, change.content)
    return Entry(number=number, path=change.path, before=change.before, after=after)


def _write(inside: Inside, name: str, target: Target, content: bytes) -> FileState:
    executable = target.change.executable
    if target.status is None:
        mode = inside.write(name, content, mode=0o777 if executable else 0o666)
    else:
        mode = _mode(stat.S_IMODE(target.status.st_mode), executable=executable)
        mode = inside.write(name, content, like=target.status, mode=mode)
    return FileState(kind="file", digest=digest(content), mode=mode)


def _mode(mode: int, *, executable: bool | None) -> int:
    """Return the permission bits with those for executing where those for reading are, or without them."""
    if executable is None:
        return mode
    return mode | (mode & 0o444) >> 2 if executable else mode & ~0o111


def _keep_image(inside: Inside, path: str, image: str) -> None:
    """Keep a file under a second name, which costs no copy and keeps all of it; copy it where that cannot be."""
    try:
        inside.link(path, image)
    except (OSError, NotImplementedError):
        inside.copy(path, image)
        inside.sync(image)


def _missing_folders(inside: Inside, entries: Sequence[Entry]) -> tuple[str, ...]:
    wanted = {folder for entry in entries if entry.after.kind == "file" for folder in parents(entry.path)}
    missing = []
    for folder in sorted(wanted):  # outer folders sort before inner ones
        with blamed(folder):
            if inside.status(folder) is None:
                missing.append(folder)
    return tuple(missing)
