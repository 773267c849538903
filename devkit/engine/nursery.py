"""Hidden folders in which a project grows; one whose maker died is removed by whoever comes next."""

from __future__ import annotations

import errno
import os
import re
import stat
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from devkit.engine.lock import try_lock
from devkit.engine.moving import move_out
from devkit.errors import LOCKED, DevkitError

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAME = re.compile(r"\..+\.devkit-(?P<moves>move-)?[0-9a-f]{12}")
_LONGEST = 60
_TRIES, _INTERVAL = 40, 0.05
_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0)


class Nursery(Struct, frozen=True, kw_only=True):
    """A hidden folder and the handle that holds it locked (`None` where folders cannot be opened)."""

    path: Path
    handle: int | None

    def close(self) -> None:
        """Give the lock back."""
        if self.handle is not None:
            os.close(self.handle)


def make_nursery(parent: Path, name: str, *, moves: bool = False) -> Nursery:
    """Make a hidden folder in `parent`, locked for as long as this process lives.

    `moves` says that a tree will be moved from it into `parent`, rather than the folder itself be renamed.
    """
    while True:
        path = parent / f".{name[:_LONGEST]}.devkit-{'move-' if moves else ''}{os.urandom(6).hex()}"
        path.mkdir()
        if os.name == "nt":
            return Nursery(path=path, handle=None)
        handle = _locked(path)
        if handle is not None:
            return Nursery(path=path, handle=handle)


def clear_dead(parent: Path) -> None:
    """Remove the hidden folders whose makers died, once what was moved out of them is taken back."""
    for path in _nurseries(parent):
        handle = _locked(path)
        if handle is None:
            continue
        with suppress(OSError):  # what cannot be removed is hidden, and does not keep a new project from growing
            _clear(path)
        os.close(handle)


def _clear(path: Path) -> None:
    match = _NAME.fullmatch(path.name)
    if match is not None and match["moves"]:
        move_out(path, path.parent)
    remove_tree(path)


def refuse_living(folder: Path) -> None:
    """Raise `LOCKED` when a project is growing in the folder right now."""
    if any(_nurseries(folder)):
        raise DevkitError(LOCKED, f"another devkit is making `{folder.name}`", help="try again when it has ended")


def remove_tree(folder: Path) -> None:
    """Remove a folder with all that is in it, however deep; links are removed, not followed.

    A program that a killed run has left running, such as git, may write there for a moment still: it is waited for.
    """
    for _ in range(_TRIES):
        try:
            return _remove(folder)
        except OSError as problem:
            if problem.errno not in {errno.ENOENT, errno.ENOTEMPTY, errno.EEXIST}:
                raise
            time.sleep(_INTERVAL)
    return _remove(folder)


def _remove(folder: Path) -> None:
    pending, folders = [str(folder)], []
    while pending:
        here = pending.pop()
        folders.append(here)
        for entry in _entries(here):
            if entry.is_dir(follow_symlinks=False):
                pending.append(entry.path)
            else:
                os.unlink(entry.path)
    for here in reversed(folders):
        os.rmdir(here)


def _entries(folder: str) -> list[os.DirEntry[str]]:
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        os.chmod(folder, stat.S_IRWXU)
    with os.scandir(folder) as entries:
        return list(entries)


def _nurseries(parent: Path) -> Iterator[Path]:
    """Return the hidden folders of this user in a folder; none where it cannot be read."""
    with suppress(OSError), os.scandir(parent) as entries:
        for entry in entries:
            if _NAME.fullmatch(entry.name) and entry.is_dir(follow_symlinks=False) and _is_own(entry):
                yield Path(entry.path)


def _is_own(entry: os.DirEntry[str]) -> bool:
    return os.name != "nt" and entry.stat(follow_symlinks=False).st_uid == os.geteuid()


def _locked(path: Path) -> int | None:
    """Return a locked handle of a folder, or `None` when somebody else holds it or it is gone."""
    try:
        handle = os.open(path, _FOLDER)
    except OSError:
        return None
    with suppress(OSError):  # gone in the meantime, or on a file system without locks: not ours
        if try_lock(handle) and os.path.samestat(os.fstat(handle), os.lstat(path)):
            return handle
    os.close(handle)
    return None
