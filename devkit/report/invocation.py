"""How devkit was called, so that commands it suggests can be typed as they stand."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def called_as(folder: Path | str = ".") -> str:
    """Return what to type in a folder to start devkit: `devkit`, `uvx devkit-cycle`, `python -m devkit` or a path."""
    program = sys.argv[0]
    if os.path.basename(program) == "__main__.py":
        return f"{_typed(sys.executable, folder)} -m devkit"
    if _is_passing(program):
        return "uvx devkit-cycle" if "uv" in program.split(os.sep) or shutil.which("uv") else "pipx run devkit-cycle"
    return _typed(program, folder)


def shortest(path: Path) -> str:
    """Return how to name a path from the current folder: relative to it, unless that is longer."""
    return min(os.path.relpath(path), str(path), key=len)


def _typed(program: str, folder: Path | str) -> str:
    """Return what starts a program in a folder: its name when PATH leads to it, else where it is."""
    name = os.path.basename(program)
    found = shutil.which(name)
    if os.sep not in program or (found is not None and os.path.abspath(found) == os.path.abspath(program)):
        return name
    return shlex.quote(program if os.path.isabs(program) else os.path.relpath(program, folder))


def _is_passing(program: str) -> bool:
    """Whether the program lies in the cache of a runner such as uvx or pipx, and will be gone."""
    parts = program.split(os.sep)
    return "archive-v0" in parts or ("pipx" in parts and ".cache" in parts)
