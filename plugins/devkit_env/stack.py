"""What a project is made with, as far as an editor has to know it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from devkit.api import json_object, python_dependencies, table
from devkit_env.managers import node_manager, python_manager
from devkit_env.requirements import requirement_files

if TYPE_CHECKING:
    from devkit.api import Context, Tree

_PYTHON_TOOLS = frozenset({"pytest", "ruff", "black", "mypy"})
_NODE_TOOLS = frozenset({"eslint", "prettier", "vitest", "jest", "typescript"})
_LEAST = re.compile(r">=?\s*(\d+(?:\.\d+)?)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """The language, what checks and tests the code, how it is started, and what installs its dependencies.

    `application` is what a server serves or the script that starts it, `main` a package that runs by itself;
    `manager` is empty for uv and pip, and for npm. `requires` is the least version of the language that will do.
    """

    language: str
    name: str
    framework: str
    tools: frozenset[str]
    scripts: frozenset[str]
    application: str
    main: str
    port: int
    manager: str
    requires: str
    requirements: tuple[str, ...]


def stack_of(context: Context) -> Stack:
    """Return what the project of a context is made with."""
    tree, language = context.tree, _fact(context, "language")
    is_python = language == "python"
    manifest = json_object(tree.read_text("package.json"))
    main = next(iter(tree.glob("src/*/__main__.py")), "") if is_python else ""
    return Stack(
        language=language,
        name=_fact(context, "package.name") or "app",
        framework=_fact(context, "framework"),
        tools=_python_tools(tree) if is_python else _node_tools(manifest),
        scripts=frozenset(table(manifest.get("scripts"))),
        application=_fact(context, "application"),
        main=main.split("/")[1] if main else "",
        port=int(_fact(context, "port") or 0),
        manager=python_manager(tree) if is_python else node_manager(tree) or "",
        requires=_least(_fact(context, "python.requires") if is_python else _engine(manifest)),
        requirements=tuple(requirement_files(tree)) if is_python else (),
    )


def _fact(context: Context, name: str) -> str:
    fact = context.facts.get(name)
    return "" if fact is None else str(fact.value)


def _python_tools(tree: Tree) -> frozenset[str]:
    """Return the tools that the project requires, and those that its manifest configures."""
    names = python_dependencies(tree, for_development=True)
    manifest = tree.read_text("pyproject.toml") or ""
    return frozenset(name for name in _PYTHON_TOOLS if name in names or f"\n[tool.{name}" in manifest)


def _node_tools(manifest: dict[str, object]) -> frozenset[str]:
    return _NODE_TOOLS & {*table(manifest.get("dependencies")), *table(manifest.get("devDependencies"))}


def _engine(manifest: dict[str, object]) -> str:
    return str(table(manifest.get("engines")).get("node", ""))


def _least(wanted: str) -> str:
    match = _LEAST.search(wanted)
    return match[1] if match else ""
