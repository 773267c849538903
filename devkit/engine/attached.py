"""A child that has the terminal to itself: its input and output are those of devkit."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from devkit.engine.process import exit_code, find_program
from devkit.engine.signals import shielded
from devkit.errors import TOOL_MISSING, DevkitError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


def run_attached(argv: Sequence[str], *, cwd: Path, env: Mapping[str, str]) -> int:
    """Run a program to its end and return its exit code (128 + n for signal n); TOOL_MISSING when it cannot start.

    It stays in devkit's own process group, so that the terminal's Ctrl-C reaches it; when devkit is interrupted, it
    is told to end, and waited for.
    """
    from subprocess import Popen

    program = find_program(argv[0], env.get("PATH", os.defpath))
    if program is None:
        message = f"`{argv[0]}` is not on PATH"
        raise DevkitError(TOOL_MISSING, message, help=f"install `{argv[0]}`, or mend PATH")
    try:
        with shielded():
            process = Popen([program, *argv[1:]], cwd=cwd, env=env)
    except OSError as problem:
        message = f"`{argv[0]}` cannot be started: {problem.strerror}"
        raise DevkitError(TOOL_MISSING, message, help="see whether it is a program") from problem
    try:
        code = process.wait()
    except BaseException:
        process.terminate()
        process.wait()
        raise
    return exit_code(code)
