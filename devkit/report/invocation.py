"""How devkit was called, so that commands it suggests can be typed as they stand."""

from __future__ import annotations

import os
import shutil
import sys


def called_as() -> str:
    """Return the words that start devkit again: `devkit`, `uvx devkit-cycle`, `python -m devkit` or a path."""
    program = sys.argv[0]
    name = os.path.basename(program)
    if name == "__main__.py":
        return f"{os.path.basename(sys.executable)} -m devkit"
    if _is_passing(program):
        return "uvx devkit-cycle" if "uv" in program.split(os.sep) or shutil.which("uv") else "pipx run devkit-cycle"
    found = shutil.which(name)
    if found is not None and os.path.realpath(found) == os.path.realpath(program):
        return name
    return program if os.sep in program else "devkit"


def _is_passing(program: str) -> bool:
    """Whether the program lies in the cache of a runner such as uvx or pipx, and will be gone."""
    parts = program.split(os.sep)
    return "archive-v0" in parts or ("pipx" in parts and ".cache" in parts)
