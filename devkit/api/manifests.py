"""Reading what a project's manifests say; one that does not parse counts as empty, since its own tool says why."""

from __future__ import annotations

import json
import re
import tomllib
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from devkit.api.context import Tree

_NAME = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)")
_COMPOSE_FILES = ("compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml")
_DEVELOPMENT = ("requirements-dev.txt", "dev-requirements.txt", "requirements-test.txt")


@lru_cache(maxsize=64)
def toml_table(text: str | None) -> dict[str, Any]:
    """Return the table that a TOML text is; all who ask for a text share its table, so nobody may change it."""
    try:
        return tomllib.loads(text or "")
    except (tomllib.TOMLDecodeError, RecursionError):
        return {}


def json_object(text: str | None) -> dict[str, Any]:
    """Return the object that a JSON text is."""
    try:
        return table(json.loads(text or ""))
    except (ValueError, RecursionError):
        return {}


def yaml_mapping(text: str) -> dict[str, Any] | None:
    """Return the mapping that a YAML text is, `None` when it is none or does not parse."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        found = YAML(typ="safe", pure=True).load(text)
    except (YAMLError, ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def compose_file(exists: Callable[[str], bool]) -> str:
    """Return the compose file that is there, as compose itself looks for it, or the one that is to be made."""
    return next((name for name in _COMPOSE_FILES if exists(name)), _COMPOSE_FILES[0])


def table(value: object) -> dict[str, Any]:
    """Return a value that is a table, and an empty one for any other."""
    return value if isinstance(value, dict) else {}


def texts(value: object) -> list[str]:
    """Return those of a list's members that are text."""
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def requirement_name(requirement: str) -> str:
    """Return the normalised name (PEP 503) in a requirement of PEP 508, `""` where there is none."""
    match = _NAME.match(requirement)
    return re.sub(r"[-_.]+", "-", match[1]).lower() if match else ""


def python_dependencies(tree: Tree, *, for_development: bool) -> frozenset[str]:
    """Return the normalised names of what a Python project needs to run, or also of what its developers need.

    They are read from `pyproject.toml` (`[project]`, dependency groups, Poetry), requirements files and a `Pipfile`.
    """
    names = {requirement_name(text) for text in _requirements(tree, for_development=for_development)}
    return frozenset(names - {""})


def _requirements(tree: Tree, *, for_development: bool) -> Iterator[str]:
    manifest, pipfile = toml_table(tree.read_text("pyproject.toml")), toml_table(tree.read_text("Pipfile"))
    project, poetry = table(manifest.get("project")), table(table(manifest.get("tool")).get("poetry"))
    yield from texts(project.get("dependencies"))
    yield from (tree.read_text("requirements.txt") or "").splitlines()
    yield from (*table(poetry.get("dependencies")), *table(pipfile.get("packages")))
    if not for_development:
        return
    for group in (*_values(project, "optional-dependencies"), *_values(manifest, "dependency-groups")):
        yield from texts(group)
    for name in _DEVELOPMENT:
        yield from (tree.read_text(name) or "").splitlines()
    yield from (*table(poetry.get("dev-dependencies")), *table(pipfile.get("dev-packages")))
    for group in _values(poetry, "group"):
        yield from table(table(group).get("dependencies"))


def _values(owner: dict[str, Any], key: str) -> list[Any]:
    return list(table(owner.get(key)).values())
