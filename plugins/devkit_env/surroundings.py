"""The variables that the project's own programs are given: those of a `.env` file, and a PATH that finds them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from devkit.api import DOTENV_WRONG, Finding, Place
from devkit_env.dotenv_file import read
from devkit_env.dotenv_text import parse

if TYPE_CHECKING:
    from devkit.api import CommandContext

_STEERING = {"PATH", "IFS", "ENV", "BASH_ENV", "SHELLOPTS", "GIT_SSH_COMMAND", "GIT_EXTERNAL_DIFF", "NODE_OPTIONS"}
_STEERING_PREFIXES = ("LD_", "DYLD_", "PYTHON", "GIT_CONFIG")
"""What changes which programs run, or what they load."""


def surroundings(context: CommandContext, name: str) -> dict[str, str]:
    """Return what a file adds to the environment of the process, which wins, and PATH.

    A variable that would change which programs run is not taken from the file, and told of.
    """
    entries = {entry.key: entry for entry in parse(read(context.root, name) or "", name)}
    given = {key: entry.value for key, entry in entries.items() if entry.value is not None}
    steering = sorted(key for key in given if key in _STEERING or key.startswith(_STEERING_PREFIXES))
    for key in steering:
        message = f"`{key}` is not taken from the file: it changes which programs run"
        place = Place(path=name, line=entries[key].line)
        context.find(Finding(code=DOTENV_WRONG.code, message=message, place=place, help=f"devkit env unset {key}"))
    applied = {key: value for key, value in given.items() if key not in steering and key not in context.environ}
    return {**applied, "PATH": _path(context)}


def _path(context: CommandContext) -> str:
    own = [str(context.root / folder) for folder in (".venv/bin", "node_modules/.bin")]
    return os.pathsep.join([*filter(os.path.isdir, own), context.environ.get("PATH", os.defpath)])
