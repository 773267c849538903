"""The variables that the project's own programs are given: those of a `.env` file, and a PATH that finds them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from devkit.api import DOTENV_WRONG, Finding, Place
from devkit_env.dotenv_file import NAME, option, read
from devkit_env.dotenv_text import parse
from devkit_env.up.services import found_values
from devkit_env.up.state import remembered_ports

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from devkit.api import CommandContext
    from devkit_env.up.catalogue import Service

_STEERING = {
    *("PATH", "IFS", "ENV", "BASH_ENV", "SHELLOPTS", "NODE_OPTIONS", "PERL5OPT", "RUBYOPT", "SSH_ASKPASS"),
    *("GIT_ASKPASS", "GIT_EDITOR", "GIT_EXEC_PATH", "GIT_EXTERNAL_DIFF", "GIT_PAGER", "GIT_PROXY_COMMAND"),
    *("GIT_SEQUENCE_EDITOR", "GIT_TEMPLATE_DIR"),
}
_STEERING_PREFIXES = ("LD_", "DYLD_", "PYTHON", "GIT_CONFIG", "GIT_SSH")
"""What changes which programs run, or what they load."""


def surroundings(context: CommandContext, name: str, services: Sequence[Service] = ()) -> dict[str, str]:
    """Return what a file adds to the environment of the process, which wins; PATH; and where the services are.

    A variable that would change which programs run is not taken from the file, and told of.
    """
    for entry in parse(read(context.root, name) or "", name):
        if _is_steering(entry.key) and entry.value is not None:
            message = f"`{entry.key}` is not taken from the file: it changes which programs run"
            place, help_text = Place(path=name, line=entry.line), f"devkit env unset {entry.key}{option(name)}"
            context.find(Finding(code=DOTENV_WRONG.code, message=message, place=place, help=help_text))
    return project_variables(context.root, name, services)


def project_variables(root: Path, name: str = NAME, services: Sequence[Service] = ()) -> dict[str, str]:
    """Return what `surroundings` does, and tell nobody."""
    values = file_values(root, name)
    values |= found_values(services, values, os.environ, remembered_ports(root, services))
    return {**{key: value for key, value in values.items() if key not in os.environ}, "PATH": _path(root)}


def file_values(root: Path, name: str = NAME) -> dict[str, str]:
    """Return the variables of a file, but for those that would change which programs run."""
    entries = parse(read(root, name) or "", name)
    return {entry.key: entry.value for entry in entries if entry.value is not None and not _is_steering(entry.key)}


def _is_steering(key: str) -> bool:
    return key in _STEERING or key.startswith(_STEERING_PREFIXES)


def _path(root: Path) -> str:
    own = [str(root / folder) for folder in (".venv/bin", "node_modules/.bin")]
    return os.pathsep.join([*filter(os.path.isdir, own), os.environ.get("PATH", os.defpath)])
