"""What is at a path: its kind, the digest of its content, its permission bits."""

from __future__ import annotations

import errno
import os
import stat
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from devkit.errors import IO_FAILED, NO_PERMISSION, DevkitError, Place

if TYPE_CHECKING:
    from pathlib import Path

StateKind = Literal["file", "absent", "link", "folder", "other"]

READ_SAFELY = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)  # a pipe in the place of a file must not make devkit wait for a writer
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_BINARY", 0)
)


class FileState(Struct, frozen=True, kw_only=True):
    """What is at a path; `digest` is the SHA-256 of a file's content (hex), `mode` its permission bits."""

    kind: StateKind
    digest: str = ""
    mode: int = 0


ABSENT = FileState(kind="absent")


def unreadable(path: str, problem: OSError) -> DevkitError:
    """Return the failure to read a path of the project."""
    kind = NO_PERMISSION if isinstance(problem, PermissionError) else IO_FAILED
    message = f"`{path}` cannot be read: {problem.strerror}"
    return DevkitError(kind, message, place=Place(path=path), help="make it readable for you")


def digest(content: bytes) -> str:
    """Return the SHA-256 of some content as hexadecimal text."""
    import hashlib

    return hashlib.sha256(content).hexdigest()


def read_state(root: Path, path: str) -> FileState:
    """Return what is at `path` below `root`: see `read_file`."""
    state, _ = read_file(root, path)
    return state


def read_file(root: Path, path: str) -> tuple[FileState, bytes | None]:
    """Return what is at `path` below `root`, and the content of a file.

    Behind a link to a folder nothing is looked at: that is a link. A name that no file can have is absent. Raises
    `NO_PERMISSION` and `IO_FAILED` for a file that cannot be read.
    """
    if _has_linked_folder(root, path):
        return FileState(kind="link"), None
    try:
        return _found(os.path.join(root, path))
    except ValueError:  # a NUL
        return ABSENT, None
    except OSError as problem:
        if problem.errno == errno.ENAMETOOLONG:
            return ABSENT, None
        raise unreadable(path, problem) from problem


def state_at(name: str, folder: int | None) -> FileState:
    """Return what is at `name`, relative to an open folder; nothing is followed and nothing is waited for."""
    state, _ = _found(name, folder)
    return state


def _found(name: str, folder: int | None = None) -> tuple[FileState, bytes | None]:
    try:
        mode = os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode
        if not stat.S_ISREG(mode):
            return FileState(kind=_kind(mode), mode=stat.S_IMODE(mode)), None
        return _opened(os.open(name, READ_SAFELY, dir_fd=folder))
    except (FileNotFoundError, NotADirectoryError):
        return ABSENT, None


def _opened(handle: int) -> tuple[FileState, bytes | None]:
    with open(handle, "rb") as file:
        mode = os.fstat(handle).st_mode
        content = file.read() if stat.S_ISREG(mode) else None
    if content is None:
        return FileState(kind=_kind(mode), mode=stat.S_IMODE(mode)), None
    return FileState(kind="file", digest=digest(content), mode=stat.S_IMODE(mode)), content


def _kind(mode: int) -> StateKind:
    if stat.S_ISLNK(mode):
        return "link"
    return "folder" if stat.S_ISDIR(mode) else "other"


def _has_linked_folder(root: Path, path: str) -> bool:
    folder = str(root)
    for part in path.split("/")[:-1]:
        folder = os.path.join(folder, part)
        if os.path.islink(folder):
            return True
    return False
