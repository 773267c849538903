"""The files of a template folder, read in one walk that follows no link and waits for no pipe."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from msgspec import Struct

from devkit.errors import NO_PERMISSION, TEMPLATE_INVALID, DevkitError, Place

if TYPE_CHECKING:
    from collections.abc import Iterator

_FLAGS = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


class Found(Struct, frozen=True, kw_only=True):
    """A file of a template: its path below the folder that was read, with `/`, and what is in it."""

    path: str
    content: bytes
    is_executable: bool


_COMPILED = "__pycache__"
"""pip compiles what it installs, the Python files of a template in a package included."""


def read_folder(folder: str, shown: str) -> tuple[Found, ...]:
    """Return the files below a folder: of each folder first its own files, sorted, then those of its folders.

    `shown` is how messages name the folder. A link, pipe or device, or a name that is not UTF-8, is
    `TEMPLATE_INVALID`.
    """
    return tuple(read_file(os.path.join(folder, path), path, shown) for path in _walk(folder, shown))


def read_file(path: str, name: str, shown: str) -> Found:
    """Return the regular file at `path`, called `name` below the folder that messages call `shown`."""
    place = Place(path=f"{shown}/{name}")
    try:
        descriptor = os.open(path, _FLAGS)
    except OSError as problem:
        if os.path.islink(path):
            raise refused("a symbolic link", place) from problem
        raise _unreadable(problem, place) from problem
    with open(descriptor, "rb") as opened:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise refused("not a regular file", place)
        return Found(path=name, content=opened.read(), is_executable=bool(status.st_mode & stat.S_IXUSR))


def refused(what: str, place: Place) -> DevkitError:
    """Return the error for something in a template folder that is neither a file nor a folder."""
    help_text = "a template holds folders and plain files: put the file itself there"
    return DevkitError(TEMPLATE_INVALID, f"the template holds {what}", place=place, help=help_text)


def _unreadable(problem: OSError, place: Place) -> DevkitError:
    kind = NO_PERMISSION if isinstance(problem, PermissionError) else TEMPLATE_INVALID
    return DevkitError(kind, f"the template cannot be read: {problem.strerror}", place=place)


def _walk(folder: str, shown: str) -> Iterator[str]:
    pending = [""]
    while pending:
        above = pending.pop()
        names, folders = _listed(folder, above, shown)
        yield from sorted(names)
        pending.extend(sorted(folders, reverse=True))


def _listed(folder: str, above: str, shown: str) -> tuple[list[str], list[str]]:
    files, folders = [], []
    try:
        with os.scandir(os.path.join(folder, above)) as entries:
            for entry in entries:
                path = _named(above + entry.name, shown)
                if entry.name == _COMPILED:
                    continue
                if entry.is_symlink():
                    raise refused("a symbolic link", Place(path=f"{shown}/{path}"))
                if entry.is_dir(follow_symlinks=False):
                    folders.append(f"{path}/")
                else:
                    files.append(path)
    except OSError as problem:
        raise _unreadable(problem, Place(path=f"{shown}/{above}")) from problem
    return files, folders


def _named(path: str, shown: str) -> str:
    try:
        path.encode()
    except UnicodeEncodeError as problem:
        place = Place(path=f"{shown}/{path.encode(errors='backslashreplace').decode()}")
        raise DevkitError(TEMPLATE_INVALID, "the name of a file is not UTF-8", place=place) from problem
    return path
