"""Installing a Python project that requirements files or setuptools alone describe, with uv or pip."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING

from devkit_env.interpreters import interpreter
from devkit_env.python import STAMP, VENV, clear_dead, install_step, no_index, offline
from devkit_env.stamps import digest, install_once

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from devkit.api import TaskContext, Tree

FILES = ("requirements.txt", "requirements-dev.txt", "dev-requirements.txt", "requirements-test.txt")
SETUP = ("setup.py", "setup.cfg")
"""What makes the project itself something to install; `setup.cfg` often holds the settings of other tools alone."""
_SETUP_SIGNS = {"setup.py": "setup(", "setup.cfg": "[metadata]"}
_INCLUDED = re.compile(r"^[ \t]*(?:-[rc][ \t]*|--(?:requirement|constraint)[ \t=]+)(\S+)", re.MULTILINE)


def requirement_files(tree: Tree) -> tuple[str, ...]:
    """Return the files that a project without a `[project]` table is installed from: requirements, and `setup.py`."""
    try:
        has_project = "project" in tomllib.loads(tree.read_text("pyproject.toml") or "")
    except (tomllib.TOMLDecodeError, RecursionError):
        has_project = True  # what is wrong with it, the installer says best
    if has_project:
        return ()
    setup = next((name for name in SETUP if _SETUP_SIGNS[name] in (tree.read_text(name) or "")), "")
    return (*(name for name in FILES if tree.exists(name)), *([setup] if setup else []))


def install(context: TaskContext, *, installer: str, files: Sequence[str]) -> None:
    """Make `.venv` hold what the files name, unless it was made from just these."""
    clear_dead(context)
    install_once(context, STAMP, _mark(context.root, files), lambda: _install(context, installer, files))


def _install(context: TaskContext, installer: str, files: Sequence[str]) -> None:
    python = f"{VENV}/bin/python"
    words = [word for name in files if name not in SETUP for word in ("--requirement", name)]
    words += ["--editable", "."] if set(SETUP) & set(files) else []
    if installer == "uv" or (installer == "auto" and context.which("uv") is not None):
        if not (context.root / python).exists():
            install_step(context, ["uv", "venv", "--quiet", "--seed", VENV, *offline(context)])
        install_step(context, ["uv", "pip", "install", "--quiet", "--python", python, *words, *offline(context)])
    else:
        if not (context.root / python).exists():
            install_step(context, [interpreter(context), "-m", "venv", VENV])
        pip = [str(context.root / python), "-m", "pip"]
        install_step(context, [*pip, "install", "--quiet", *no_index(context), *words])


def _mark(root: Path, files: Sequence[str]) -> str:
    """Return a digest of the files and of those that they include."""
    return digest(*(text for name in files for text in _texts(root / name, set())))


def _texts(path: Path, seen: set[Path]) -> Iterator[str]:
    path = path.resolve()
    if path in seen or not path.is_file():
        return
    seen.add(path)
    text = path.read_text("utf-8", "replace")
    yield text
    for name in _INCLUDED.findall(text):
        yield from _texts(path.parent / name, seen)
