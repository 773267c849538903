"""What a project has for its tests: dependencies, scripts and folders, read from its own files."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from devkit.api import Tree

FOLDERS = ("integration", "contract", "e2e")
"""Kinds of tests that have a folder of their own below `tests/` in a Python project."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PythonProject:
    """A Python project: all its dependencies by name, its manifest, the kinds of tests that have a folder."""

    dependencies: frozenset[str]
    manifest: Mapping[str, Any]
    folders: tuple[str, ...]
    has_tests: bool
    locustfile: str

    @property
    def tools(self) -> Mapping[str, Any]:
        """The tables below `[tool]`."""
        return _table(self.manifest.get("tool"))


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeProject:
    """A Node project: its scripts, and the names of all its dependencies."""

    scripts: Mapping[str, str]
    dependencies: frozenset[str]
    config: Mapping[str, str]
    """The tool (`playwright`, `cypress`) for each configuration file that is there, by the tool's name."""


def python_project(tree: Tree) -> PythonProject:
    """Return what a tree says of a Python project."""
    manifest = _toml(tree.read_text("pyproject.toml"))
    locustfiles = [path for path in ("tests/load/locustfile.py", "locustfile.py") if tree.exists(path)]
    return PythonProject(
        dependencies=frozenset(_python_names(tree, manifest)),
        manifest=manifest,
        folders=tuple(name for name in FOLDERS if tree.glob(f"tests/{name}/**/test_*.py")),
        has_tests=bool(tree.glob("tests/**/test*.py") or tree.glob("test*.py") or tree.glob("**/tests.py")),
        locustfile=next(iter(locustfiles), ""),
    )


def node_project(tree: Tree) -> NodeProject:
    """Return what a tree says of a Node project."""
    manifest = _json(tree.read_text("package.json"))
    scripts = {name: text for name, text in _table(manifest.get("scripts")).items() if isinstance(text, str)}
    names = {name for key in ("dependencies", "devDependencies") for name in _table(manifest.get(key))}
    config = {tool: found[0] for tool in ("playwright", "cypress") if (found := list(tree.glob(f"{tool}.config.*")))}
    return NodeProject(scripts=scripts, dependencies=frozenset(names), config=config)


def _python_names(tree: Tree, manifest: Mapping[str, Any]) -> Iterator[str]:
    project, tools = _table(manifest.get("project")), _table(manifest.get("tool"))
    lists = [project.get("dependencies"), *_table(project.get("optional-dependencies")).values()]
    lists += _table(manifest.get("dependency-groups")).values()
    for name in ("requirements.txt", "requirements-dev.txt", "dev-requirements.txt"):
        lists.append((tree.read_text(name) or "").splitlines())
    for item in (item for entries in lists if isinstance(entries, list) for item in entries):
        if isinstance(item, str) and (match := re.match(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)", item)):
            yield re.sub(r"[-_.]+", "-", match[1]).lower()
    poetry = _table(tools.get("poetry"))
    groups = [_table(group).get("dependencies") for group in _table(poetry.get("group")).values()]
    for table in (poetry.get("dependencies"), poetry.get("dev-dependencies"), *groups):
        yield from (name.lower() for name in _table(table))


def _toml(text: str | None) -> dict[str, Any]:
    try:
        return tomllib.loads(text or "")
    except (tomllib.TOMLDecodeError, RecursionError):
        return {}


def _json(text: str | None) -> dict[str, Any]:
    try:
        return _table(json.loads(text or ""))
    except (ValueError, RecursionError):
        return {}


def _table(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
