"""Where the programs of hooks come from: the project's own environment, so that hook and CI have one version."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from devkit.api import NPM, PYTHON, fact_text, json_object, python_dependencies, table, toml_table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from devkit.api import Context, Tree

_RUNNERS = {"poetry.lock": "poetry run ", "pdm.lock": "pdm run ", "Pipfile": "pipenv run "}
"""Managers that may keep their environment elsewhere, by the file that tells of them."""
_NODE_RUNNERS = {"npm": "npx --no-install ", "pnpm": "pnpm exec ", "yarn": "yarn run "}


class Programs(Struct, frozen=True, kw_only=True):
    """What goes before the name of a program, and the names of everything that the environment holds."""

    prefix: str
    names: frozenset[str]
    is_managed: bool = False
    """Whether a manager has its own table of dependencies, so that `[dependency-groups]` says nothing."""

    def __contains__(self, name: str) -> bool:
        return name in self.names

    def entry(self, words: str) -> str:
        """Return the `entry` of a hook that runs a program with its arguments."""
        return f"{self.prefix}{words}"


def python_programs(context: Context) -> Programs | None:
    """Return the programs of a Python project's environment; `None` for a project in another language."""
    if fact_text(context, "language") != "python":
        return None
    tree, python = context.tree, context.find(PYTHON)
    runner = next((runner for file, runner in _RUNNERS.items() if tree.exists(file)), "")
    folder = posixpath.dirname(python or "")
    names = python_dependencies(tree, for_development=True)
    return Programs(prefix=runner or (f"{folder}/" if folder else ""), names=names, is_managed=bool(runner))


def node_programs(context: Context) -> Programs | None:
    """Return the programs of a Node project's environment; `None` for a project in another language."""
    if fact_text(context, "language") != "node":
        return None
    manifest = json_object(context.tree.read_text("package.json"))
    names = {name for key in ("dependencies", "devDependencies") for name in table(manifest.get(key))}
    runner = _NODE_RUNNERS.get(context.find(NPM) or "npm", "npx --no-install ")
    return Programs(prefix=runner, names=frozenset(names))


def groups(tree: Tree) -> Mapping[str, Any]:
    """Return the dependency groups of `pyproject.toml` (PEP 735)."""
    return table(toml_table(tree.read_text("pyproject.toml")).get("dependency-groups"))
