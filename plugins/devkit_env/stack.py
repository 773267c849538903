"""What a project is made with, as far as an editor has to know it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from devkit_env.managers import node_manager, python_manager
from devkit_env.requirements import requirement_files

if TYPE_CHECKING:
    from collections.abc import Iterator

    from devkit.api import Context, Tree

_PYTHON_TOOLS = ("pytest", "ruff", "black", "mypy")
_NODE_TOOLS = ("eslint", "prettier", "vitest", "jest", "typescript")
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
    manifest = _manifest(tree)
    main = next(iter(tree.glob("src/*/__main__.py")), "") if is_python else ""
    return Stack(
        language=language,
        name=_fact(context, "package.name") or "app",
        framework=_fact(context, "framework"),
        tools=frozenset(_python_tools(tree) if is_python else _node_tools(manifest)),
        scripts=frozenset(_table(manifest.get("scripts"))),
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


def _python_tools(tree: Tree) -> Iterator[str]:
    """Yield the tools that the manifests name, in a table of their own or among the requirements."""
    texts = [tree.read_text(path) or "" for path in ("pyproject.toml", "Pipfile", *requirement_files(tree))]
    for name in _PYTHON_TOOLS:
        pattern = re.compile(rf"^\[tool\.{name}\b|^{name}(?![\w-])|[\"']{name}(?![\w-])", re.MULTILINE)
        if any(pattern.search(text) for text in texts):
            yield name


def _node_tools(manifest: dict[str, object]) -> Iterator[str]:
    names = {**_table(manifest.get("dependencies")), **_table(manifest.get("devDependencies"))}
    yield from (name for name in _NODE_TOOLS if name in names)


def _engine(manifest: dict[str, object]) -> str:
    return str(_table(manifest.get("engines")).get("node", ""))


def _least(wanted: str) -> str:
    match = _LEAST.search(wanted)
    return match[1] if match else ""


def _manifest(tree: Tree) -> dict[str, object]:
    try:
        return _table(json.loads(tree.read_text("package.json") or "{}"))
    except (ValueError, RecursionError):
        return {}


def _table(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}
