"""One writer at a time: an advisory lock that dies with its holder."""

from __future__ import annotations

import errno
import json
import os
import stat
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from devkit.api.blaming import blamed
from devkit.engine.inside import Inside
from devkit.engine.signals import shielded
from devkit.engine.statefolder import IGNORE_FILE, make_state_folder
from devkit.errors import LOCKED, NOT_A_FILE, DevkitError, Place
from devkit.project.processes import is_there
from devkit.project.root import STATE_FOLDER

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

LOCK = f"{STATE_FOLDER}/lock"
PATIENCE = 5.0
"""Seconds to wait for another writer."""
_INTERVAL = 0.05
_OPEN = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
_LARGEST_NOTE = 4096
_TAKEN = frozenset({errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES, errno.EDEADLK})


@contextmanager
def writer_lock(root: Path, *, command: str, patience: float = PATIENCE) -> Iterator[None]:
    """Hold the project's writer lock for the block; raise `LOCKED` after waiting `patience` seconds.

    The lock is the system's: it goes when the process does, and no child inherits it. A run that fails takes the
    state folder away again if it made it.
    """
    with blamed(STATE_FOLDER):
        inside = Inside(root)
    with inside:
        with blamed(STATE_FOLDER):
            handle, made = _acquire(inside, patience)
        try:
            with blamed(LOCK):
                note_holder(handle, command)
            yield
        except BaseException:
            with shielded():
                _take_away(inside, made)
            raise
        finally:
            os.close(handle)


def _acquire(inside: Inside, patience: float) -> tuple[int, tuple[str, ...]]:
    """Return a locked handle of the lock file that is there now, and the folders that were made for it.

    An earlier holder may take the file away, even its folder; then it is made anew.
    """
    deadline = time.monotonic() + patience
    while True:
        try:
            made = make_state_folder(inside)
            handle = open_lock(inside, LOCK)
        except FileNotFoundError:
            if time.monotonic() >= deadline:
                raise
            continue
        if _is_mine(inside, handle, deadline):
            return handle, made


def _is_mine(inside: Inside, handle: int, deadline: float) -> bool:
    """Wait for the lock; return whether the file locked is still the one at its path, else close it."""
    is_mine = False
    try:
        _wait(handle, deadline)
        is_mine = _is_current(inside, handle)
    finally:
        if not is_mine:
            os.close(handle)
    return is_mine


def open_lock(inside: Inside, path: str) -> int:
    """Open a file that is there to be locked, or make it; NOT_A_FILE when it is something else."""
    with inside.at(path) as spot:
        handle = os.open(spot.name, _OPEN, 0o666, dir_fd=spot.folder)
    if stat.S_ISREG(os.fstat(handle).st_mode):
        return handle
    os.close(handle)
    raise DevkitError(NOT_A_FILE, f"`{path}` is not a regular file", place=Place(path=path), help="remove it")


def _wait(handle: int, deadline: float) -> None:
    while not try_lock(handle):
        if time.monotonic() >= deadline:
            message = f"{holder(handle)} is writing to this project"
            raise DevkitError(LOCKED, message, help="try again when it has ended")
        time.sleep(_INTERVAL)


def try_lock(handle: int) -> bool:
    """Take the lock on an open file for this process; return whether it was free."""
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as problem:
        if problem.errno not in _TAKEN:
            raise
        return False
    return True


def unlock(handle: int) -> None:
    """Give a lock back, also where a child has inherited the open file, and close it."""
    if os.name != "nt":
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_UN)
    os.close(handle)


def _is_current(inside: Inside, handle: int) -> bool:
    there = inside.status(LOCK)
    return there is not None and os.path.samestat(there, os.fstat(handle))


def note_holder(handle: int, command: str) -> None:
    """Write into a lock file who holds it."""
    os.ftruncate(handle, 0)
    os.write(handle, json.dumps({"pid": os.getpid(), "command": command}).encode())


def holder(handle: int) -> str:
    """Return who holds the lock, in words."""
    try:
        os.lseek(handle, 0, os.SEEK_SET)
        note = json.loads(os.read(handle, _LARGEST_NOTE))
        pid = int(note["pid"])
        return (
            f"`devkit {note['command']}` (process {pid})"
            if is_there(pid)
            else f"what `devkit {note['command']}` left"
        )
    except (OSError, ValueError, KeyError, TypeError):
        return "another devkit"


def _take_away(inside: Inside, made: Sequence[str]) -> None:
    """Remove the state folder, if this run made it and nothing else is in it."""
    if STATE_FOLDER not in made:
        return
    try:
        if sorted(inside.names(STATE_FOLDER)) == [".gitignore", "lock"]:
            inside.remove(IGNORE_FILE)
            inside.remove(LOCK)
        for folder in reversed(made):
            inside.remove_folder(folder)
    except OSError:  # the failure that led here is the one to report
        return
