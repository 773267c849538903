"""What a project's manifests say, as plain tables; one that does not parse counts as empty."""

from __future__ import annotations

import json
import re
import tomllib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from devkit.api import Tree

_NAME = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)")


def toml(text: str | None) -> dict[str, Any]:
    """Return a TOML document."""
    try:
        return tomllib.loads(text or "")
    except (tomllib.TOMLDecodeError, RecursionError):
        return {}


def json_object(text: str | None) -> dict[str, Any]:
    """Return a JSON object."""
    try:
        return table(json.loads(text or ""))
    except (ValueError, RecursionError):
        return {}


def table(value: object) -> dict[str, Any]:
    """Return a value that is a table, and an empty one for any other."""
    return value if isinstance(value, dict) else {}


def texts(value: object) -> list[str]:
    """Return those of a list's members that are text."""
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def python_dependencies(tree: Tree, manifest: Mapping[str, Any]) -> frozenset[str]:
    """Return the normalized names of what a Python project needs to run, wherever it says so."""
    return frozenset(re.sub(r"[-_.]+", "-", name).lower() for name in _python_names(tree, manifest))


def _python_names(tree: Tree, manifest: Mapping[str, Any]) -> Iterator[str]:
    lines = texts(table(manifest.get("project")).get("dependencies"))
    lines += (tree.read_text("requirements.txt") or "").splitlines()
    yield from (match[1] for line in lines if (match := _NAME.match(line)))
    yield from table(table(table(manifest.get("tool")).get("poetry")).get("dependencies"))
    yield from table(toml(tree.read_text("Pipfile")).get("packages"))
