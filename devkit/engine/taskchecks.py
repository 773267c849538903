"""What is asked of a task before and after it runs: the programs that it needs, and the outputs that it promises."""

from __future__ import annotations

import glob
import os
from typing import TYPE_CHECKING

from devkit.engine.process import find_program
from devkit.errors import OUTPUT_MISSING, TOOL_MISSING, DevkitError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from devkit.api.tasks import Task

_PATTERN = "*?["


def require_tools(task: Task, path: str, installs: Mapping[str, str]) -> None:
    """Raise `TOOL_MISSING` for a program that a task needs and that is in no folder of `path`.

    `installs` are the commands that install programs, by program.
    """
    for tool in task.tools:
        if find_program(tool, path) is None:
            message = f"`{task.name}` needs `{tool}`, which is not on PATH"
            raise DevkitError(TOOL_MISSING, message, help=install_help(tool, installs))


def install_help(program: str, installs: Mapping[str, str]) -> str:
    """Return how to get a program that is missing."""
    name = os.path.basename(program)
    return installs.get(name) or f"install `{name}`, or mend PATH"


def require_outputs(task: Task, root: Path) -> None:
    """Raise `OUTPUT_MISSING` for an output of a task, a path or a pattern, that is not there."""
    for output in task.outputs:
        if not _is_there(output, root):
            message = f"`{task.name}` ended well, but did not make `{output}`"
            raise DevkitError(OUTPUT_MISSING, message, help="see what it does, or take this out of its `outputs`")


def _is_there(output: str, root: Path) -> bool:
    if os.path.lexists(root / output):
        return True
    if not set(_PATTERN) & set(output):
        return False
    return next(glob.iglob(output, root_dir=root, recursive=True, include_hidden=True), None) is not None
