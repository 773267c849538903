"""What a project's own files say of its language, package and framework."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from devkit.api import Fact, Place, json_object, pinned_range, requirement_name, semver_range, table, toml_table
from devkit_scaffold.application import node_application, python_application, wanted_port

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from devkit.api import Tree, Value

_PYTHON_FRAMEWORKS = ("fastapi", "flask", "django")
_NODE_FRAMEWORKS = ("fastify", "express")
REQUIREMENTS = "requirements.txt"
_MANIFESTS = ("Pipfile", REQUIREMENTS, "setup.py")
_SETUP = {
    "setup.cfg": re.compile(r"^(name|python_requires)\s*=\s*(\S.*?)\s*$", re.MULTILINE),
    "setup.py": re.compile(r"(?:^|[(,])\s*(name|python_requires)\s*=\s*[\"']([^\"']+)[\"']", re.MULTILINE),
}
"""What the files of setuptools say literally: a program is read, not run."""


def detect(tree: Tree) -> Iterable[Fact]:
    """Return the facts of a Python or Node project; of a manifest that does not parse, its language."""
    yield from wanted_port(tree)
    if (text := tree.read_text("pyproject.toml")) is not None:
        yield from _python(text, tree)
    elif (text := tree.read_text("package.json")) is not None:
        yield from _node(text)
    elif manifest := next((path for path in _MANIFESTS if tree.exists(path)), None):
        yield Fact(name="language", value="python", place=Place(path=manifest, line=1))
        yield from _of_pipfile(tree.read_text("Pipfile") or "")
        yield from _of_setup(tree)
        yield from _required(tree)
        yield from python_application(tree)


def _python(text: str, tree: Tree) -> Iterator[Fact]:
    path = "pyproject.toml"
    yield _fact("language", "python", path, text, "[project]")
    manifest = toml_table(text)
    project, poetry = table(manifest.get("project")), table(table(manifest.get("tool")).get("poetry"))
    if isinstance(name := project.get("name", poetry.get("name")), str):
        yield _fact("package.name", name, path, text, "name")
    needed = table(poetry.get("dependencies"))
    if isinstance(requires := project.get("requires-python"), str):
        yield _fact("python.requires", requires, path, text, "requires-python")
    elif requires := semver_range(str(needed.get("python", ""))):
        yield _fact("python.requires", requires, path, text, "python")
    listed = project.get("dependencies")
    names = [requirement_name(str(item)) for item in (listed if isinstance(listed, list) else [])]
    if "dependencies" in project or needed:
        yield from _framework(_PYTHON_FRAMEWORKS, [*names, *map(requirement_name, needed)], path, text)
    else:
        if "project" not in manifest:
            yield from _of_setup(tree)
        yield from _required(tree)
    yield from python_application(tree)
    for init in tree.glob("src/*/__init__.py")[:1]:
        yield Fact(name="package.import", value=init.split("/")[1], place=Place(path=init, line=1))


def _of_pipfile(text: str) -> Iterator[Fact]:
    manifest = toml_table(text)
    if requires := pinned_range(str(table(manifest.get("requires")).get("python_version", ""))):
        yield _fact("python.requires", requires, "Pipfile", text, "python_version")
    names = [requirement_name(name) for name in table(manifest.get("packages"))]
    yield from _framework(_PYTHON_FRAMEWORKS, names, "Pipfile", text)


def _of_setup(tree: Tree) -> Iterator[Fact]:
    """Return name and Python of a project that setuptools alone describes."""
    known = {"name": "package.name", "python_requires": "python.requires"}
    for path, pattern in _SETUP.items():
        text = tree.read_text(path) or ""
        for match in pattern.finditer(text):
            if fact := known.pop(match[1], None):
                line = text.count("\n", 0, match.start(1)) + 1
                yield Fact(name=fact, value=match[2], place=Place(path=path, line=line))


def _required(tree: Tree) -> Iterator[Fact]:
    """Return the framework that a requirements file names."""
    text = tree.read_text(REQUIREMENTS) or ""
    yield from _framework(
        _PYTHON_FRAMEWORKS, [requirement_name(line) for line in text.splitlines()], REQUIREMENTS, text
    )


def _node(text: str) -> Iterator[Fact]:
    path = "package.json"
    yield _fact("language", "node", path, text, "{")
    manifest = json_object(text)
    if isinstance(name := manifest.get("name"), str):
        yield _fact("package.name", name, path, text, '"name"')
    yield from _framework(_NODE_FRAMEWORKS, list(table(manifest.get("dependencies"))), path, text)
    yield from node_application(text, table(manifest.get("scripts")))


def _framework(known: tuple[str, ...], names: list[str], path: str, text: str) -> Iterator[Fact]:
    for framework in known:
        if framework in names:
            yield _fact("framework", framework, path, text, framework)
            return


def _fact(name: str, value: Value, path: str, text: str, sign: str) -> Fact:
    pattern = re.compile(rf"^[\s\"']*{re.escape(sign)}", re.IGNORECASE)
    lines = (number for number, line in enumerate(text.splitlines(), 1) if pattern.match(line))
    return Fact(name=name, value=value, place=Place(path=path, line=next(lines, 1)))
