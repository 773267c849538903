"""Looking for programs of the machine, and asking each for its version: all at once, and none for long."""

from __future__ import annotations

import os
import re
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from devkit.api.tools import fits, resolved
from devkit.engine.group import stop_group
from devkit.engine.process import GIT_VARIABLES, find_program
from devkit.engine.signals import shielded
from devkit.engine.taskcontext import which

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from subprocess import Popen

    from devkit.api.tools import Tool

_PATIENCE = 10.0
"""Seconds that programs have, together, to say their version."""
_VERSION = re.compile(r"(?<![\w.])(?:[a-z]+)?(\d+(?:\.\d+)+)", re.IGNORECASE)
_LONGEST = 64 * 1024
Argv = tuple[str, ...]


class Found(Struct, frozen=True, kw_only=True):
    """A program that is there: its path, its version (`""`: it did not say), and whether that is one that does."""

    path: str
    version: str
    is_right: bool


class _Look(Struct, frozen=True, kw_only=True):
    """Where programs are looked for; those of a project itself are none of the machine's."""

    folder: Path
    project: Path | None

    def which(self, name: str) -> str | None:
        everywhere = os.environ.get("PATH", os.defpath)
        found = find_program(name, everywhere) if self.project is None else which(name, self.project)
        return found if found and os.access(found, os.X_OK) and not self._is_inside(found) else None

    def all(self, name: str) -> list[str]:
        """Return the programs that a name or a path with patterns stands for."""
        names = resolved(name) if "/" in name else [name]
        return [path for each in names if (path := self.which(each))]

    def named(self, answer: str) -> str | None:
        """Return the program that a finder named."""
        path = answer.strip().partition("\n")[0].strip()
        is_program = os.path.isabs(path) and os.access(path, os.X_OK)
        return path if is_program and not self._is_inside(path) else None

    def _is_inside(self, path: str) -> bool:
        return self.project is not None and Path(path).is_relative_to(self.project)


def find_tools(tools: Sequence[Tool], folder: Path, *, is_project: bool = True) -> list[Found | None]:
    """Return for each tool the first program of its kind whose version does, else the first there is.

    PATH is asked first; folders inside a project do not count. Then the `finders` are asked, in the folder, for what
    PATH does not show.
    """
    look = _Look(folder=folder, project=folder if is_project else None)
    paths = [[path for name in (tool.name, *tool.candidates) for path in look.all(name)] for tool in tools]
    found = _probed(tools, paths, folder)
    lacking = [number for number, each in enumerate(found) if each is None or not each.is_right]
    asked = {argv for number in lacking for argv in tools[number].finders if look.which(argv[0])}
    answers = outputs(asked, folder)
    more = [
        [path for argv in tool.finders if number in lacking and (path := look.named(answers.get(argv, "")))]
        for number, tool in enumerate(tools)
    ]
    better = _probed(tools, more, folder)
    return [_better(*pair) for pair in zip(found, better, strict=True)]


def _probed(tools: Sequence[Tool], paths: Sequence[Sequence[str]], folder: Path) -> list[Found | None]:
    commands = {(path, *tool.probe) for tool, its in zip(tools, paths, strict=True) for path in its}
    answers = outputs(commands, folder)
    found: list[Found | None] = []
    for tool, its in zip(tools, paths, strict=True):
        each = [_found(path, answers[path, *tool.probe], tool.version) for path in its]
        found.append(next((one for one in each if one.is_right), each[0] if each else None))
    return found


def _better(found: Found | None, other: Found | None) -> Found | None:
    return other if other is not None and (found is None or other.is_right) else found


def _found(path: str, answer: str, wanted: str) -> Found:
    match = _VERSION.search(answer)
    version = match[1] if match else ""
    return Found(path=path, version=version, is_right=not wanted or fits(version, wanted))


def outputs(commands: Collection[Argv], folder: Path) -> dict[Argv, str]:
    """Return what each command printed, on stdout or else on stderr; nothing of one that failed or took too long."""
    deadline = time.monotonic() + _PATIENCE
    with ExitStack() as at_the_end:
        with shielded():
            running = {argv: process for argv in sorted(commands) if (process := _start(argv, folder))}
            for process in running.values():
                at_the_end.callback(_end, process)
        return {argv: _output(running[argv], deadline) if argv in running else "" for argv in commands}


def _start(argv: Argv, folder: Path) -> Popen[bytes] | None:
    from subprocess import DEVNULL, PIPE, Popen

    try:
        return Popen(
            argv, cwd=folder, env=_environment(), stdin=DEVNULL, stdout=PIPE, stderr=PIPE, start_new_session=True
        )
    except OSError:
        return None


def _environment() -> Mapping[str, str]:
    """Return the user's environment, without what leads git elsewhere and what devkit's own environment adds."""
    left_out = GIT_VARIABLES | {"VIRTUAL_ENV", "PYTHONHOME"}
    return {name: value for name, value in os.environ.items() if name not in left_out} | {"LC_ALL": "C"}


def _output(process: Popen[bytes], deadline: float) -> str:
    from subprocess import TimeoutExpired

    try:
        stdout, stderr = process.communicate(timeout=max(0.0, deadline - time.monotonic()))
    except TimeoutExpired:
        return ""
    text = stdout.strip() or stderr.strip()
    return text[:_LONGEST].decode("utf-8", "replace") if process.returncode == 0 else ""


def _end(process: Popen[bytes]) -> None:
    if process.poll() is None:
        stop_group(process)
    for stream in (process.stdout, process.stderr):
        if stream is not None:
            stream.close()
