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
    """Return what is at `path` below `root`; behind a link to a folder nothing is looked at: that is a link.

    A name that no file can have is absent. Raises `NO_PERMISSION` and `IO_FAILED` for a file that cannot be read.
    """
    if _has_linked_folder(root, path):
        return FileState(kind="link")
    try:
        return state_at(os.path.join(root, path))
    except ValueError:  # a NUL
        return ABSENT
    except OSError as problem:
        if problem.errno == errno.ENAMETOOLONG:
            return ABSENT
        raise unreadable(path, problem) from problem


def state_at(name: str, folder: int | None = None) -> FileState:
    """Return what is at `name`, relative to an open folder; nothing is followed and nothing is waited for."""
    try:
        status = os.stat(name, dir_fd=folder, follow_symlinks=False)
    except (FileNotFoundError, NotADirectoryError):
        return ABSENT
    if not stat.S_ISREG(status.st_mode):
        return FileState(kind=_kind(status.st_mode), mode=stat.S_IMODE(status.st_mode))
    try:
        return _file_state(os.open(name, READ_SAFELY, dir_fd=folder))
    except FileNotFoundError:
        return ABSENT


def _file_state(handle: int) -> FileState:
    import hashlib

    with open(handle, "rb") as file:
        mode = os.fstat(handle).st_mode
        content = hashlib.file_digest(file, "sha256") if stat.S_ISREG(mode) else None
    if content is None:
        return FileState(kind=_kind(mode), mode=stat.S_IMODE(mode))
    return FileState(kind="file", digest=content.hexdigest(), mode=stat.S_IMODE(mode))


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
