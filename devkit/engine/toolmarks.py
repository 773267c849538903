"""Which program a name means, and of which version it says it is."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

from devkit.plan.freshness import ToolMark
from devkit.project.marks import mark_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_SHIMS = f"{os.sep}shims{os.sep}"
"""Where version managers keep programs that choose another one at each start: such a file tells no version."""
_PATIENCE = 10
"""Seconds in which a program has to say its version."""
_LONGEST = 200


def tool_folders(root: Path, first: Iterable[str] = ()) -> list[str]:
    """Return the folders that programs are looked for in: those of the project that a task names, then PATH's."""
    rest = os.environ.get("PATH", os.defpath).split(os.pathsep)
    return [*(os.path.join(root, folder) for folder in first), *(folder for folder in rest if os.path.isabs(folder))]


def tool_mark(name: str, folders: Iterable[str], former: ToolMark | None = None, *, may_run: bool = True) -> ToolMark:
    """Return what a program is; one whose file is the `former` one still is of that version, and is not started.

    Without `may_run` no program is started, and the version of another file is not known.
    """
    path = _find(name, folders)
    if path is None:
        return ToolMark(place="")
    real = os.path.realpath(path)
    is_shim = _SHIMS in path or _SHIMS in real
    place = f"{real} {mark_of(os.stat(real))}"
    if former is not None and (not may_run if is_shim else former.place == place):
        return former
    return ToolMark(place=f"{place} {os.getpid()}" if is_shim else place, words=_words(path) if may_run else "")


def _find(name: str, folders: Iterable[str]) -> str | None:
    import shutil

    if os.path.dirname(name):
        return None
    return shutil.which(name, path=os.pathsep.join(folders))


def _words(path: str) -> str:
    """Return the first line that a program prints when it is asked for its version; `""` when it does not know."""
    for word in ("--version", "version"):
        try:
            done = subprocess.run(
                [path, word], stdin=subprocess.DEVNULL, capture_output=True, timeout=_PATIENCE, check=False
            )
        except (OSError, subprocess.TimeoutExpired):
            return ""
        lines = (done.stdout or done.stderr).decode("utf-8", "replace").split("\n")
        if done.returncode == 0:
            return next((line.strip()[:_LONGEST] for line in lines if line.strip()), "")
    return ""
