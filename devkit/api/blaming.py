"""What the system says of a file that cannot be written, as an error that names the file."""

from __future__ import annotations

import errno
from contextlib import contextmanager
from typing import TYPE_CHECKING

from devkit.errors import IO_FAILED, NO_PERMISSION, NOT_A_FILE, DevkitError, Place

if TYPE_CHECKING:
    from collections.abc import Iterator

_NOT_ALLOWED = frozenset({errno.EACCES, errno.EPERM})
_WRONG_KIND = frozenset({errno.ENOTDIR, errno.ELOOP, errno.EISDIR})


@contextmanager
def blamed(path: str) -> Iterator[None]:
    """Turn an `OSError` of the block into the error that names the path."""
    try:
        yield
    except OSError as problem:
        raise file_error(path, problem) from problem


def file_error(path: str, problem: OSError) -> DevkitError:
    """Return the error for what the system said when `path` was to be written."""
    words = problem.strerror or "the folder above it is a link or a file"
    place = Place(path=path)
    if problem.errno in _NOT_ALLOWED:
        help_text = "make the file and its folder writable for you"
        return DevkitError(NO_PERMISSION, f"`{path}` may not be written: {words}", place=place, help=help_text)
    if problem.errno in _WRONG_KIND or isinstance(problem, NotADirectoryError):
        message = f"`{path}` cannot be written: {words}"
        return DevkitError(NOT_A_FILE, message, place=place, help="devkit writes through no link; move it away")
    message = f"`{path}` could not be written: {words}"
    return DevkitError(IO_FAILED, message, place=place, help="make room, or make the disk writable, and try again")
