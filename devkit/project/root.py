"""Where a project begins: the nearest folder upward with devkit configuration, up to the git root."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from devkit.errors import BARE_REPOSITORY, DevkitError

if TYPE_CHECKING:
    from pathlib import Path

LOCK_FILE = ".devkit/lock.toml"
BASELINE_FILE = ".devkit/baseline.jsonl"
STATE_FOLDER = ".devkit/state"
_MANIFESTS = ("pyproject.toml", "package.json", "setup.py", "Pipfile")
ANSWERS_FILE = f"{STATE_FOLDER}/answers.json"


def find_root(start: Path) -> Path | None:
    """Return the project that `start` (absolute) lies in, or `None`."""
    for folder in (start, *start.parents):
        if is_project(folder):
            return folder
        if os.path.lexists(folder / ".git"):
            return None
    return None


def is_project(folder: Path) -> bool:
    """Whether the folder itself holds devkit configuration or devkit's own record of it."""
    if (folder / LOCK_FILE).is_file() or (folder / "devkit.toml").is_file():
        return True
    pyproject = folder / "pyproject.toml"
    try:
        return pyproject.is_file() and b"[tool.devkit" in pyproject.read_bytes()
    except OSError:
        return False


def refuse_bare(folder: Path) -> None:
    """Raise when the folder is itself a bare repository, which has no files to work on."""
    if (folder / "HEAD").is_file() and (folder / "objects").is_dir() and (folder / "refs").is_dir():
        raise DevkitError(
            BARE_REPOSITORY, f"`{folder.name}` is a bare repository", help="clone it and work in the clone"
        )


def git_top(start: Path) -> Path | None:
    """Return the folder of the work tree that `start` lies in: the nearest with a `.git`, or `None`."""
    return next((folder for folder in (start, *start.parents) if os.path.lexists(folder / ".git")), None)


def beginning(start: Path) -> Path:
    """Return where a project begins that is none yet.

    In a git work tree that is the nearest folder upward with a manifest, so that a service of a monorepo begins in
    its own folder, else the top; elsewhere it is `start` itself.
    """
    top = git_top(start)
    if top is None:
        return start
    folders = [folder for folder in (start, *start.parents) if folder.is_relative_to(top)]
    return next((folder for folder in folders if any((folder / name).is_file() for name in _MANIFESTS)), top)


def from_top(start: Path) -> str:
    """Return where the project that `start` lies in is, relative to the top of the work tree; `.` without one."""
    root = find_root(start) or start
    return os.path.relpath(root, git_top(root) or root).replace(os.sep, "/")
