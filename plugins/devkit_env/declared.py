"""The programs and versions that a project's own files ask for, each with the line that says so."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import Struct

from devkit.api import Place, json_object, node_range, pinned_range, semver_range, table, toml_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from devkit.api import Tree

_MISE = ("mise.toml", ".mise.toml", ".config/mise.toml", "mise/config.toml", ".config/mise/config.toml")
_NAMES = {"nodejs": "node", "golang": "go"}
"""What asdf calls a program that others call otherwise."""
_MANAGERS = ("npm", "pnpm", "yarn")


class Wish(Struct, frozen=True, kw_only=True):
    """A program by the name that version managers have for it, the versions that do, and where that is said."""

    name: str
    version: str
    place: Place


def wishes(tree: Tree) -> Iterator[Wish]:
    """Yield what the files of a project ask for; what cannot be read asks for nothing."""
    yield from _of_pyproject(tree)
    yield from _of_pipfile(tree)
    yield from _of_package(tree)
    for path, name in ((".python-version", "python"), (".nvmrc", "node"), (".node-version", "node")):
        yield from _of_pin(tree, path, name)
    yield from _of_tool_versions(tree)
    for path in _MISE:
        yield from _of_mise(tree, path)


def _of_pyproject(tree: Tree) -> Iterator[Wish]:
    path = "pyproject.toml"
    text = tree.read_text(path) or ""
    data = toml_table(text)
    wanted = table(data.get("project")).get("requires-python")
    if isinstance(wanted, str):
        yield Wish(name="python", version=wanted.strip(), place=_place(path, text, "requires-python"))
    tools = table(data.get("tool"))
    poetry = table(table(tools.get("poetry")).get("dependencies")).get("python")
    if isinstance(poetry, str) and (version := semver_range(poetry)) is not None:
        yield Wish(name="python", version=version, place=_place(path, text, "python", after="[tool.poetry"))
    uv = table(tools.get("uv")).get("required-version")
    if isinstance(uv, str):
        yield Wish(name="uv", version=uv.strip(), place=_place(path, text, "required-version", after="[tool.uv"))


def _of_pipfile(tree: Tree) -> Iterator[Wish]:
    text = tree.read_text("Pipfile") or ""
    requires = table(toml_table(text).get("requires"))
    for key in ("python_full_version", "python_version"):
        wanted = requires.get(key)
        if isinstance(wanted, str) and (version := pinned_range(wanted)) is not None:
            yield Wish(name="python", version=version, place=_place("Pipfile", text, key))
            return


def _of_package(tree: Tree) -> Iterator[Wish]:
    path = "package.json"
    text = tree.read_text(path) or ""
    data = json_object(text)
    for name, wanted in table(data.get("engines")).items():
        version = semver_range(wanted) if isinstance(wanted, str) and name in {"node", *_MANAGERS} else None
        if version is not None:
            yield Wish(name=name, version=version, place=_place(path, text, name, after='"engines"'))
    match = re.match(r"(npm|pnpm|yarn)@(\d+\.\d+\.\d+)(?:[+-]|$)", str(data.get("packageManager", "")))
    if match is not None:
        place = _place(path, text, "packageManager")
        yield Wish(name=match[1], version=f"=={match[2]}", place=place)


def _of_pin(tree: Tree, path: str, name: str) -> Iterator[Wish]:
    for number, line in enumerate((tree.read_text(path) or "").splitlines(), 1):
        word = line.partition("#")[0].strip()
        if word:
            version = pinned_range(word) if name == "python" else node_range(word)
            if version is not None:
                yield Wish(name=name, version=version, place=_line(path, line, number))
            return  # further ones are only to be there as well


def _of_tool_versions(tree: Tree) -> Iterator[Wish]:
    path = ".tool-versions"
    for number, line in enumerate((tree.read_text(path) or "").splitlines(), 1):
        name, *versions = line.partition("#")[0].split() or [""]
        version = pinned_range(versions[0]) if versions else None
        if version is not None:
            yield Wish(name=_NAMES.get(name, name), version=version, place=_line(path, line, number))


def _of_mise(tree: Tree, path: str) -> Iterator[Wish]:
    text = tree.read_text(path) or ""
    for name, wanted in table(toml_table(text).get("tools")).items():
        first = wanted[0] if isinstance(wanted, list) and wanted else wanted
        first = first.get("version") if isinstance(first, dict) else first
        version = (node_range if _NAMES.get(name, name) == "node" else pinned_range)(str(first))
        if version is not None:
            place = _place(path, text, name, after="[tools")
            yield Wish(name=_NAMES.get(name, name), version=version, place=place)


def _place(path: str, text: str, key: str, *, after: str = "") -> Place:
    """Return where a key is given a value, behind what `after` says."""
    pattern = re.compile(rf"""(?<![\w.:-])"?{re.escape(key)}"?\s*[=:]""")
    has_begun = False
    for number, line in enumerate(text.splitlines(), 1):
        start = 0 if has_begun else line.find(after)
        has_begun = start >= 0
        match = pattern.search(line, start) if has_begun else None
        if match is not None:
            return _line(path, line, number, match.start() + 1)
    return Place(path=path)


def _line(path: str, line: str, number: int, column: int = 1) -> Place:
    text = line.rstrip()
    return Place(path=path, line=number, column=column, text=text, width=max(1, len(text) - column + 1))
