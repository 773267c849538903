from __future__ import annotations

import itertools
import os
import stat
from typing import TYPE_CHECKING

import pytest

from devkit.engine import inside
from tests.devkit.engine.faults import Faulty

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

Snapshot = dict[str, tuple[int, bytes]]


def take_snapshot(root: Path, *, without: str = ".devkit/state") -> Snapshot:
    """Every entry below a folder with its mode and content, devkit's own state left out."""
    found: Snapshot = {}
    for folder, folders, names in os.walk(root):
        for name in (*folders, *names):
            path = os.path.join(folder, name)
            relative = os.path.relpath(path, root)
            if relative == without or relative.startswith(f"{without}/"):
                continue
            mode = os.lstat(path).st_mode
            content = b""
            if stat.S_ISREG(mode):
                with open(path, "rb") as file:
                    content = file.read()
            elif stat.S_ISLNK(mode):
                content = os.fsencode(os.readlink(path))
            found[relative] = (mode, content)
    return found


@pytest.fixture
def snapshot() -> Callable[[Path], Snapshot]:
    return take_snapshot


def make_project(project: Path) -> Path:
    """Make a project with files that differ in mode, ending and depth, and devkit's state folder."""
    for path, content, mode in (
        ("README.md", b"one\r\ntwo", 0o644),
        ("bin/run", b"#!/bin/sh\n", 0o755),
        ("old/only.txt", b"goes\n", 0o600),
        (".devkit/state/.gitignore", b"*\n", 0o644),
    ):
        file = project / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        file.chmod(mode)
    return project


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_project(tmp_path / "project")


@pytest.fixture
def fresh_projects(tmp_path: Path) -> Iterator[Path]:
    """The same project again and again, each in a folder of its own."""
    return (make_project(tmp_path / f"project-{number}") for number in itertools.count(1))


@pytest.fixture
def faulty(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int, BaseException, bool], Faulty]]:
    def install(fails_at: int, problem: BaseException, persists: bool) -> Faulty:
        double = Faulty(fails_at, problem, persists=persists)
        monkeypatch.setattr(inside, "os", double)
        monkeypatch.setattr(inside, "_HAS_HANDLES", True)
        return double

    yield install
    monkeypatch.undo()
