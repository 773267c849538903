"""The program that runs hooks: prek where it is installed, else pre-commit; the project's own one first.

Where there is none, and the project locks none, the pre-commit that devkit was installed with serves.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from msgspec import Struct

from devkit.api import RUNNER_OF_HOOKS_MISSING, DevkitError

if TYPE_CHECKING:
    from pathlib import Path

    from devkit.api import TaskContext

_OWN = {"prek": (".venv/bin/prek", "node_modules/.bin/prek"), "pre-commit": (".venv/bin/pre-commit",)}

_LOCKED = {
    "uv.lock": "uv sync",
    "poetry.lock": "poetry install",
    "pdm.lock": "pdm sync",
    "Pipfile": "pipenv sync --dev",
    "requirements.lock": "python -m venv .venv && .venv/bin/pip install --requirement requirements.lock",
}
"""The command that makes a project's environment, with the runner in it, by the file that asks for it."""


class Runner(Struct, frozen=True, kw_only=True):
    """A program that runs hooks, by its name and where it is."""

    name: str
    path: str


def find_runner(context: TaskContext, top: Path) -> Runner | None:
    """Return what runs the hooks of a repository, in the order in which the installed hooks look for it."""
    for name, places in _OWN.items():
        own = next((str(top / place) for place in places if os.access(top / place, os.X_OK)), None)
        if found := own or context.which(name):
            return Runner(name=name, path=found)
    ours = "" if own_ways(top) else beside_devkit("pre-commit")
    return Runner(name="pre-commit", path=ours) if ours else None


def own_ways(top: Path) -> list[str]:
    """Return the commands that bring the runner which a project locks for itself; none where it locks none."""
    return [command for file, command in _LOCKED.items() if (top / file).is_file()]


def beside_devkit(program: str) -> str:
    """Return where a program is that was installed with devkit, `""` where it was not."""
    path = os.path.join(os.path.dirname(sys.executable), program)
    return path if os.access(path, os.X_OK) else ""


def require_runner(context: TaskContext, top: Path) -> Runner:
    """Return what runs the hooks; RUNNER_OF_HOOKS_MISSING where nothing does."""
    runner = find_runner(context, top)
    if runner is None:
        help_text = "devkit env setup (it is in the project's environment), or: pipx install pre-commit"
        raise DevkitError(RUNNER_OF_HOOKS_MISSING, "neither prek nor pre-commit is installed", help=help_text)
    return runner
