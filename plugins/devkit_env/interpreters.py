"""Finding the Python that a project asks for: devkit's own, one on PATH, or one that uv, mise or pyenv keeps."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

from devkit.api import TOOL_MISSING, DevkitError, fits, resolved
from devkit_env.declared import wishes
from devkit_env.toolchain import KEPT_PYTHONS, PYTHONS, python_finders, python_remedies

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from devkit.api import TaskContext
    from devkit_env.declared import Wish


def interpreter(context: TaskContext) -> str:
    """Return a Python that fits all that the project's files say, else one that fits `requires-python` alone.

    TOOL_MISSING when there is none, with the command that installs one.
    """
    asked = [wish for wish in wishes(_Files(context.root)) if wish.name == "python" and wish.version]
    required = [wish for wish in asked if wish.place.path == "pyproject.toml"]
    for chosen in (asked, required) if asked != required else (asked,):
        found = next(_fitting(context, chosen), None)
        if found is not None:
            return found
    wanted = ", ".join(dict.fromkeys(wish.version for wish in required))
    first = required[0]  # without any, every interpreter fits
    remedies = (
        each.command for each in python_remedies(first) if "/" not in each.needs and context.which(each.needs)
    )
    help_text = next(remedies, "install one, or uv, which brings its own")
    raise DevkitError(TOOL_MISSING, f"no Python fits `{wanted}`", place=first.place, help=help_text)


def _fitting(context: TaskContext, asked: Sequence[Wish]) -> Iterator[str]:
    """Yield the interpreters that fit, the nearest first."""
    if _fits(".".join(map(str, sys.version_info[:3])), asked):
        yield sys.executable
    for name in PYTHONS:
        found = context.which(name)
        if found is not None and _fits(_version(context, found), asked):  # a shim may lead nowhere
            yield found
    for found in (path for candidate in KEPT_PYTHONS for path in resolved(candidate)):
        if _fits(_version(context, found), asked):
            yield found
    for wish in asked:
        for program, *arguments in python_finders(wish):
            found = _answer(context, program, arguments) if context.which(program) else ""
            if found and _fits(_version(context, found), asked):
                yield found


def _fits(version: str, asked: Sequence[Wish]) -> bool:
    return all(fits(version, wish.version) for wish in asked)


def _answer(context: TaskContext, program: str, arguments: Sequence[str]) -> str:
    code, output, _ = context.capture([program, *arguments])
    return output.strip().partition("\n")[0] if code == 0 else ""


def _version(context: TaskContext, python: str) -> str:
    code, output, _ = context.capture([python, "--version"])
    match = re.search(r"\d+(?:\.\d+)+", output)
    return match[0] if code == 0 and match else ""


class _Files:
    """The files of a project, read as a tree of devkit's is; see `devkit.api.Tree`."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def read_text(self, path: str) -> str | None:
        """Return the text of a file."""
        try:
            return (self._root / path).read_text("utf-8")
        except (OSError, ValueError):
            return None

    def exists(self, path: str) -> bool:
        """Whether a file is there."""
        return (self._root / path).is_file()

    def glob(self, pattern: str) -> Sequence[str]:
        """Return the files that match a pattern."""
        return tuple(str(path.relative_to(self._root)) for path in sorted(self._root.glob(pattern)))
