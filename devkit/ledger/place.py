"""Where the ledger lies: reached through no link, set aside when it is broken, locked by those who open it."""

from __future__ import annotations

import os
import stat
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from devkit.project.root import STATE_FOLDER
from devkit.project.state import READ_SAFELY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LEDGER_FILE = f"{STATE_FOLDER}/ledger.sqlite3"
_LOCK = "ledger.lock"
_PATIENCE = 2.0
"""Seconds to wait for another devkit that is opening the ledger; it takes milliseconds."""
_INTERVAL = 0.005
_MARK_LENGTH = len("run-0123456789abcdef")
_MOST_BROKEN = 9
_JOURNAL = "-journal"
_COMPANIONS = (_JOURNAL, "-wal", "-shm")
_NEW = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
_HEADER = 100
"""Bytes of the header of an SQLite database."""
_MAGIC, _FORMAT_AT, _LOG_FORMAT = b"SQLite format 3\0", 18, 2
"""How a database begins, where its version for writers is, and the one with a log: sqlite.org/fileformat2.html."""


class UnusableError(Exception):
    """The ledger cannot be used now; the words say why."""


class DamagedError(UnusableError):
    """What lies in the ledger's place is none that this devkit can read: a writer sets it aside."""


def state_folder(root: Path) -> str | None:
    """Return the path of the state folder, or `None` when there is none, or a link where a folder should be."""
    here = str(root)
    for part in STATE_FOLDER.split("/"):
        here = os.path.join(here, part)
        if not _is_folder(here):
            return None
    return here


def is_there(root: Path) -> bool:
    """Whether there is anything in the ledger's place; `DamagedError` when that can be no database."""
    path = os.path.join(root, LEDGER_FILE)
    if state_folder(root) is None or not os.path.lexists(path):
        return False
    if _is_odd(path) or _is_odd(path + _JOURNAL):
        message = "it is not a plain file"
        raise DamagedError(message)
    if 0 < _size(path) < _HEADER:  # SQLite would take it for an empty one
        message = "file is not a database"
        raise DamagedError(message)
    return True


def needs_companions(root: Path) -> bool:
    """Whether even reading would make files beside the ledger: somebody changed its journal to a log."""
    with open(os.open(os.path.join(root, LEDGER_FILE), READ_SAFELY), "rb") as file:
        header = file.read(_HEADER)
    return header.startswith(_MAGIC) and header[_FORMAT_AT] == _LOG_FORMAT


@contextmanager
def opening(root: Path) -> Iterator[str]:
    """Keep other devkits from opening the ledger to write meanwhile; give the state folder. Raises `OSError`."""
    folder = state_folder(root)
    if folder is None:
        message = f"there is no folder `{STATE_FOLDER}`"
        raise UnusableError(message)
    handle = os.open(os.path.join(folder, _LOCK), _NEW, 0o666)
    try:
        _wait(handle)
        yield folder
    finally:
        os.close(handle)


def set_aside(root: Path) -> str:
    """Rename what lies in the ledger's place, with its journal; return the new name. Call it within `opening`."""
    path = os.path.join(root, LEDGER_FILE)
    numbers = range(1, _MOST_BROKEN + 1)
    free = (number for number in numbers if not os.path.lexists(f"{path}.broken-{number}"))
    target = f"{path}.broken-{next(free, _MOST_BROKEN)}"
    for companion in _COMPANIONS:
        with suppress(FileNotFoundError):
            os.rename(path + companion, target + companion)
    os.rename(path, target)
    return os.path.basename(target)


def make_mark(folder: str) -> tuple[str, int]:
    """Return the name of a new file that is locked for as long as this process holds the handle, and the handle."""
    mark = f"run-{os.urandom(8).hex()}"
    handle = os.open(os.path.join(folder, mark), _NEW | os.O_EXCL, 0o666)
    _try_lock(handle, is_shared=False)
    return mark, handle


def remove_mark(folder: str, mark: str, handle: int) -> None:
    """Remove a mark of this process's own."""
    os.close(handle)
    with suppress(OSError):
        os.unlink(os.path.join(folder, mark))


def is_held(folder: str, mark: str) -> bool:
    """Whether the process that made the mark is alive."""
    if not is_mark(mark):
        return False
    try:
        handle = os.open(os.path.join(folder, mark), READ_SAFELY)
    except OSError:
        return False
    try:
        return not _try_lock(handle, is_shared=True)
    finally:
        os.close(handle)


def is_own(name: str) -> bool:
    """Whether a name in the state folder is one that the ledger gives."""
    return name == _LOCK or name.startswith(os.path.basename(LEDGER_FILE)) or is_mark(name)


def sweep_marks(folder: str) -> None:
    """Remove the marks of processes that died. Call it within `opening`, in which all marks are made."""
    for name in os.listdir(folder):
        if is_mark(name) and not is_held(folder, name):
            with suppress(OSError):
                os.unlink(os.path.join(folder, name))


def is_mark(name: str) -> bool:
    """Whether a name in the state folder is that of a run's mark."""
    return len(name) == _MARK_LENGTH and name.startswith("run-") and name.removeprefix("run-").isalnum()


def _wait(handle: int) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not _try_lock(handle, is_shared=False):
        if time.monotonic() >= deadline:
            message = "another devkit has it open"
            raise UnusableError(message)
        time.sleep(_INTERVAL)


def _try_lock(handle: int, *, is_shared: bool) -> bool:
    """Lock an open file for this process; return whether it was free."""
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        else:
            import fcntl

            fcntl.flock(handle, (fcntl.LOCK_SH if is_shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _size(path: str) -> int:
    try:
        return os.lstat(path).st_size
    except OSError:
        return 0


def _is_folder(path: str) -> bool:
    try:
        return stat.S_ISDIR(os.lstat(path).st_mode)
    except OSError:
        return False


def _is_odd(path: str) -> bool:
    """Whether something other than a file is there; a journal comes and goes at any moment."""
    try:
        return not stat.S_ISREG(os.lstat(path).st_mode)
    except OSError:
        return False
