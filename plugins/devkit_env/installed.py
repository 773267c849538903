"""Which files tell of what is installed: whoever adds or removes a package changes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from devkit.api import json_object, python_dependencies, table, toml_table
from devkit_env.managers import INSTALLED, NPM_INSTALLED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from devkit.api import Tree

_NODE = ("dependencies", "devDependencies", "optionalDependencies")


def in_venv(tree: Tree) -> tuple[str, ...]:
    """Return what an installation leaves in `.venv`; the records of packages only where one is sure to be there."""
    manifest = toml_table(tree.read_text("pyproject.toml"))
    uv = table(table(manifest.get("tool")).get("uv"))
    has_package = "build-system" in manifest and uv.get("package") is not False
    is_sure = has_package or bool(python_dependencies(tree, for_development=False))
    return INSTALLED if is_sure else INSTALLED[:-1]


def in_modules(tree: Tree) -> tuple[str, ...]:
    """Return what npm leaves in `node_modules`, which it does not make for a project without dependencies."""
    manifest = json_object(tree.read_text("package.json"))
    return (NPM_INSTALLED,) if any(manifest.get(name) for name in _NODE) else ()


def present(tree: Tree, patterns: Sequence[str]) -> tuple[str, ...]:
    """Return the patterns that fit something now: managers may have their environments elsewhere."""
    return tuple(pattern for pattern in patterns if tree.glob(pattern))
