"""Writing an answer into a file that the user named, wherever it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from devkit.errors import IO_FAILED, NO_PERMISSION, DevkitError, Place

if TYPE_CHECKING:
    from pathlib import Path


def write_output(target: Path, text: str) -> None:
    """Write text to a file, a pipe or a device, replacing what a file had."""
    try:
        with target.open("w", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except OSError as problem:
        kind = NO_PERMISSION if isinstance(problem, PermissionError) else IO_FAILED
        message = f"`{target}` cannot be written: {problem.strerror}"
        raise DevkitError(kind, message, place=Place(path=str(target)), help="name another file") from problem
