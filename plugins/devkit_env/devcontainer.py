"""The development container of a project: an image of its language, and the command that installs what is locked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from devkit.api import mirrored_image
from devkit_env.managers import MANAGERS
from devkit_env.requirements import SETUP
from devkit_env.vscode import extensions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from devkit.api import Value
    from devkit_env.stack import Stack

_PYTHON, _NODE = "3.13", "24"
_WITH_UV = "pipx run uv sync"
_WITH_PIP = "python -m venv .venv && .venv/bin/python -m pip install"
_LOCKED = f"if [ -f requirements.lock ]; then {_WITH_PIP} -r requirements.lock -e .; else {_WITH_UV}; fi"
"""Which of the two locks a project has is told when the container is made."""


def devcontainer(stack: Stack, mirrors: Mapping[str, str]) -> dict[str, Value]:
    """Return `devcontainer.json`."""
    is_python = stack.language == "python"
    found: dict[str, Value] = {
        "name": stack.name,
        "image": mirrored_image(f"mcr.microsoft.com/devcontainers/{_image(stack)}", mirrors),
        "postCreateCommand": _python_install(stack) if is_python else _node_install(stack),
    }
    if stack.port:
        found["forwardPorts"] = [stack.port]
    return {**found, "customizations": {"vscode": {"extensions": extensions(stack)}}}


def _image(stack: Stack) -> str:
    if stack.language == "python":
        return f"python:{'.'.join(stack.requires.split('.')[:2]) if '.' in stack.requires else _PYTHON}"
    kind = "typescript-node" if "typescript" in stack.tools else "javascript-node"
    return f"{kind}:{stack.requires.partition('.')[0] or _NODE}"


def _python_install(stack: Stack) -> str:
    if stack.manager:
        manager = MANAGERS[stack.manager]
        variables = "".join(f"{name}={value} " for name, value in sorted(manager.env.items()) if "IN_PROJECT" in name)
        return f"{variables}pipx run {' '.join(manager.install)}"
    if stack.requirements:
        words = ("-e ." if path in SETUP else f"-r {path}" for path in stack.requirements)
        return f"{_WITH_PIP} {' '.join(words)}"
    return _LOCKED


def _node_install(stack: Stack) -> str:
    if stack.manager:
        return f"sudo corepack enable && {' '.join(MANAGERS[stack.manager].install)}"
    return "npm ci"
