"""What a project has for its tests: dependencies, scripts and folders, read from its own files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from devkit.api import json_object, python_dependencies, table, toml_table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from devkit.api import Tree

FOLDERS = ("integration", "contract", "e2e")
"""Kinds of tests that have a folder of their own below `tests/` in a Python project."""

_TESTS = ("tests/**/test*.py", "test*.py", "**/tests.py", "**/tests/test*.py")


class PythonProject(Struct, frozen=True, kw_only=True):
    """A Python project: all its dependencies by name, its manifest, the kinds of tests that have a folder.

    `manage` is the `manage.py` of a Django project, nothing elsewhere.
    """

    dependencies: frozenset[str]
    manifest: Mapping[str, Any]
    folders: tuple[str, ...]
    has_tests: bool
    manage: tuple[str, ...]
    locustfile: str

    @property
    def tools(self) -> Mapping[str, Any]:
        """The tables below `[tool]`."""
        return table(self.manifest.get("tool"))


class NodeProject(Struct, frozen=True, kw_only=True):
    """A Node project: its scripts, and the names of all its dependencies."""

    scripts: Mapping[str, str]
    dependencies: frozenset[str]
    config: Mapping[str, str]
    """The tool (`playwright`, `cypress`) for each configuration file that is there, by the tool's name."""


def python_project(tree: Tree) -> PythonProject:
    """Return what a tree says of a Python project."""
    manifest = toml_table(tree.read_text("pyproject.toml"))
    locustfiles = [path for path in ("tests/load/locustfile.py", "locustfile.py") if tree.exists(path)]
    dependencies = python_dependencies(tree, for_development=True)
    return PythonProject(
        dependencies=dependencies,
        manifest=manifest,
        folders=tuple(name for name in FOLDERS if tree.glob(f"tests/{name}/**/test_*.py")),
        has_tests=any(map(tree.glob, _TESTS)),
        manage=("manage.py",) if "django" in dependencies and tree.exists("manage.py") else (),
        locustfile=next(iter(locustfiles), ""),
    )


def node_project(tree: Tree) -> NodeProject:
    """Return what a tree says of a Node project."""
    manifest = json_object(tree.read_text("package.json"))
    scripts = {name: text for name, text in table(manifest.get("scripts")).items() if isinstance(text, str)}
    names = {name for key in ("dependencies", "devDependencies") for name in table(manifest.get(key))}
    config = {tool: found[0] for tool in ("playwright", "cypress") if (found := list(tree.glob(f"{tool}.config.*")))}
    return NodeProject(scripts=scripts, dependencies=frozenset(names), config=config)
