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
    from devkit.api.tools import Tool

_PATTERN = "*?["


def require_tools(task: Task, path: str, tools: Mapping[str, Tool]) -> None:
    """Raise `TOOL_MISSING` for a program that a task needs and that is in no folder of `path`.

    `tools` are those that are declared, by name: they know how they are installed.
    """
    for tool in task.tools:
        if find_program(tool, path) is None:
            message = f"`{task.name}` needs `{tool}`, which is not on PATH"
            raise DevkitError(TOOL_MISSING, message, help=install_help(tool, tools))


def install_help(program: str, tools: Mapping[str, Tool]) -> str:
    """Return how to get a program that is missing."""
    name = os.path.basename(program)
    return (remedy(tools[name]) if name in tools else "") or f"install `{name}`, or mend PATH"


def remedy(tool: Tool) -> str:
    """Return the command that installs a tool on this machine, or where to find out."""
    return next((each.command for each in tool.remedies if has_way(each.needs)), tool.install)


def has_way(needs: str) -> bool:
    """Whether what a remedy needs is there: a program on PATH, or a file, where `~` and variables are resolved."""
    if "/" not in needs:
        return find_program(needs, os.environ.get("PATH", os.defpath)) is not None
    path = os.path.expanduser(os.path.expandvars(needs))
    return os.path.isabs(path) and os.path.isfile(path)


def require_outputs(task: Task, root: Path) -> None:
    """Raise `OUTPUT_MISSING` for an output of a task, a path or a pattern, that is not there."""
    for output in task.outputs:
        if not (output.startswith("!") or _is_there(output, root)):
            message = f"`{task.name}` ended well, but did not make `{output}`"
            raise DevkitError(OUTPUT_MISSING, message, help="see what it does, or take this out of its `outputs`")


def _is_there(output: str, root: Path) -> bool:
    if os.path.lexists(root / output):
        return True
    if not set(_PATTERN) & set(output):
        return False
    found = glob.iglob(output, root_dir=root, recursive=True, include_hidden=True)
    return any(os.path.lexists(root / path) for path in found)  # of `gone/**` Python 3.11 names `gone/`
