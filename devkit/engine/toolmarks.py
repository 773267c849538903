"""Which program a name means, and of which version it says it is."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from devkit.plan.freshness import ToolMark
from devkit.project.marks import mark_of
from devkit.project.surroundings import program_path

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_SHIMS = f"{os.sep}shims{os.sep}"
"""Where version managers keep programs that choose another one at each start: such a file tells no version."""
_LONGEST = 200


def tool_mark(
    name: str, folders: Sequence[str], root: Path, former: ToolMark | None = None, *, may_run: bool = True
) -> ToolMark:
    """Return what a program is; one whose file is the `former` one still is of that version, and is not started.

    Without `may_run` no program is started, and the version of another file is not known.
    """
    path = "" if os.path.dirname(name) else program_path(name, folders)
    if not path:
        return ToolMark(place="")
    real = os.path.realpath(path)
    is_shim = is_shimmed(path)
    place = f"{real} {mark_of(os.stat(real))}"
    if former is not None and (not may_run if is_shim else former.place == place):
        return former
    return ToolMark(place=f"{place} {os.getpid()}" if is_shim else place, words=_words(path, root) if may_run else "")


def is_shimmed(path: str) -> bool:
    """Whether the file of a program does not say which version of it will run."""
    return _SHIMS in path or _SHIMS in os.path.realpath(path)


def _words(path: str, root: Path) -> str:
    """Return the first line that a program prints when it is asked for its version; `""` when it does not know."""
    from devkit.engine.probing import outputs

    for word in ("--version", "version"):
        if said := outputs([(path, word)], root)[path, word]:
            return said.partition("\n")[0].strip()[:_LONGEST]
    return ""
