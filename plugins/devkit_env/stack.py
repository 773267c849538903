"""What a project is made with, as far as an editor has to know it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from devkit.api import fact_text, json_object, lowest_version, python_dependencies, table, toml_table
from devkit_env.declared import wishes
from devkit_env.managers import node_manager, python_manager
from devkit_env.requirements import requirement_files

if TYPE_CHECKING:
    from devkit.api import Context, Tree

_PYTHON_TOOLS = frozenset({"pytest", "ruff", "black", "mypy"})
_NODE_TOOLS = frozenset({"eslint", "prettier", "vitest", "jest", "typescript"})


class Stack(Struct, frozen=True, kw_only=True):
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
    tree, language = context.tree, fact_text(context, "language")
    is_python = language == "python"
    manifest = json_object(tree.read_text("package.json"))
    main = next(iter(tree.glob("src/*/__main__.py")), "") if is_python else ""
    return Stack(
        language=language,
        name=fact_text(context, "package.name") or "app",
        framework=fact_text(context, "framework"),
        tools=_python_tools(tree) if is_python else _node_tools(manifest),
        scripts=frozenset(table(manifest.get("scripts"))),
        application=fact_text(context, "application"),
        main=main.split("/")[1] if main else "",
        port=int(fact_text(context, "port") or 0),
        manager=python_manager(tree) if is_python else node_manager(tree) or "",
        requires=lowest_version(_required(context)),
        requirements=tuple(requirement_files(tree)) if is_python else (),
    )


def _python_tools(tree: Tree) -> frozenset[str]:
    """Return the tools that the project requires, and those that its manifest configures."""
    names = python_dependencies(tree, for_development=True)
    configured = table(toml_table(tree.read_text("pyproject.toml")).get("tool"))
    return _PYTHON_TOOLS & {*names, *configured}


def _node_tools(manifest: dict[str, object]) -> frozenset[str]:
    return _NODE_TOOLS & {*table(manifest.get("dependencies")), *table(manifest.get("devDependencies"))}


def _required(context: Context) -> str:
    """Return the versions of the language that do, as the fact or the first of the project's files says."""
    language = fact_text(context, "language")
    said = (wish.version for wish in wishes(context.tree) if wish.name == language)
    return fact_text(context, f"{language}.requires") or next(said, "")
