"""Whether hooks of git were killed while they ran, read from git's own folder without starting git."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from devkit.project.gitwords import git_folder
from devkit.project.processes import is_there

if TYPE_CHECKING:
    from pathlib import Path

_MARKS = os.path.join("devkit", "rescue")
"""Where the hooks stage marks a run that has begun, by the name of its rescue; the mark holds the process."""


def killed_runs(start: Path) -> tuple[str, ...]:
    """Return the names of the rescues of runs that ended without taking their mark away, the oldest first."""
    repository = git_folder(os.fspath(start))
    if not repository:
        return ()
    folder = os.path.join(repository, _MARKS)
    try:
        names = sorted(name for name in os.listdir(folder) if "." not in name)
    except OSError:
        return ()
    return tuple(name for name in names if not _is_alive(os.path.join(folder, name)))


def _is_alive(mark: str) -> bool:
    """Whether the process of a mark is there still; one that belongs to somebody else is."""
    try:
        with open(mark, encoding="ascii") as file:
            return is_there(int(file.read(32)))
    except ValueError:
        return False
    except OSError as problem:
        return isinstance(problem, PermissionError)
