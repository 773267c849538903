"""The folder of devkit's own state in a project: never committed, made when the first writer needs it."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from devkit.engine.journal import parents
from devkit.project.root import STATE_FOLDER

if TYPE_CHECKING:
    from devkit.engine.inside import Inside

IGNORE_FILE = f"{STATE_FOLDER}/.gitignore"


def make_state_folder(inside: Inside) -> tuple[str, ...]:
    """Make the folder with its `.gitignore`; return the folders that were not there before. Raises `OSError`."""
    made = _make_folders(inside)
    status = inside.status(IGNORE_FILE)
    if status is not None and status.st_size == 0:  # a run was killed between making and writing it
        inside.remove(IGNORE_FILE)
        status = None
    if status is None:
        with suppress(FileExistsError):  # another devkit was first
            inside.write(IGNORE_FILE, b"*\n")
    return made


def _make_folders(inside: Inside) -> tuple[str, ...]:
    """Make the folder and those above it, or none: the disk may be full in between."""
    made: list[str] = []
    try:
        made.extend(folder for folder in (*parents(STATE_FOLDER), STATE_FOLDER) if inside.make_folder(folder))
    except OSError:
        for folder in reversed(made):
            inside.remove_folder(folder)
        raise
    return tuple(made)
