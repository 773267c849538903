"""Files that git tracks and that changed while tasks ran."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from devkit.engine.git import Git
from devkit.errors import DevkitError
from devkit.project.root import git_top

if TYPE_CHECKING:
    from pathlib import Path


def written_since(root: Path, moment: int) -> dict[str, int]:
    """Return the tracked files that differ from git's index and were written after a moment, with the time of that.

    Both times are in nanoseconds since the epoch. One call of git, which compares stat data; a second one only when
    there are such files. Nothing outside of a repository, or where git does not answer.
    """
    if git_top(root) is None:
        return {}
    git = Git(root)
    try:
        times = {path: _written(root / path) for path in git.differing()}
        late = {path: time for path, time in times.items() if time >= moment}
        return {path: late[path] for path in git.differing(sorted(late)) if path in late} if late else {}
    except DevkitError:
        return {}


def _written(path: Path) -> int:
    try:
        return os.lstat(path).st_mtime_ns
    except OSError:  # deleted: nobody knows when
        return 0
