"""How a project's application is started, and the port that it wants, read from the project's own files."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from devkit.api import Fact, Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from devkit.api import Tree

_MODULES = ("app", "main", "asgi", "wsgi", "application", "server", "api", "__init__")
_FOLDERS = ("src/*/", "", "*/")
_OBJECT = re.compile(r"^(\w+)(?:\s*:\s*[\w.]+)?\s*=\s*(?:\w+\.)?(?:FastAPI|Flask|Starlette)\(", re.MULTILINE)
_FACTORY = re.compile(r"^def ((?:create|make|build|get)_app(?:lication)?)\(", re.MULTILINE)
_EXAMPLE = ".env.example"
_PORT = re.compile(r"^\s*PORT\s*=\s*[\"']?(\d{1,5})\b", re.MULTILINE)
_SCRIPTS = ("dev", "start:dev", "start")
"""What starts a Node application, the best for development first."""


def python_application(tree: Tree) -> Iterator[Fact]:
    """Yield the object or factory (`module:name`, `module:name()`) that a server serves; `manage.py` for Django."""
    if tree.exists("manage.py"):
        yield Fact(name="application", value="manage.py", place=Place(path="manage.py", line=1))
        return
    for path in _candidates(tree):
        text = tree.read_text(path) or ""
        for pattern, ending in ((_OBJECT, ""), (_FACTORY, "()")):
            if match := pattern.search(text):
                value = f"{_module(path)}:{match[1]}{ending}"
                yield Fact(name="application", value=value, place=_place(path, text, match.start()))
                return


def node_application(text: str, scripts: dict[str, object]) -> Iterator[Fact]:
    """Yield the script of `package.json`, whose text and scripts are given, that starts the application."""
    for script in _SCRIPTS:
        if script in scripts:
            position = max(text.find(f"{json.dumps(script)}:"), 0)
            yield Fact(name="application", value=script, place=_place("package.json", text, position))
            return


def wanted_port(tree: Tree) -> Iterator[Fact]:
    """Yield the port that the project documents for itself."""
    text = tree.read_text(_EXAMPLE) or ""
    if match := _PORT.search(text):
        yield Fact(name="port", value=int(match[1]), place=_place(_EXAMPLE, text, match.start(1)))


def _candidates(tree: Tree) -> Iterator[str]:
    for folder in _FOLDERS:
        for name in _MODULES:
            yield from (path for path in tree.glob(f"{folder}{name}.py") if not path.startswith("tests/"))


def _module(path: str) -> str:
    return path.removeprefix("src/").removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _place(path: str, text: str, position: int) -> Place:
    return Place(path=path, line=text.count("\n", 0, position) + 1)
