"""The programs of the engine that are killed and starved: a transaction, and births in each kind of place."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

from tests.real.sweep import Subject, read_tree

if TYPE_CHECKING:
    from pathlib import Path

STATE = ".devkit/state"
_FAILS = """
from contextlib import suppress
from devkit.engine.signals import Interrupted, handling
from devkit.errors import DevkitError
try:
    with handling():
        main(Path(sys.argv[1]))
except Interrupted as interruption:
    raise SystemExit(interruption.kind.exit)
except DevkitError as error:
    with suppress(OSError):
        print(error.message, error.state, file=sys.stderr)
    raise SystemExit(error.exit)
"""
_COMMIT = """
import sys
from pathlib import Path
from devkit.engine.lock import writer_lock
from devkit.engine.transaction import Change, commit_changes, recover
from devkit.project.state import read_state

def main(root):
    with writer_lock(root, command="apply"):
        recover(root)
        commit_changes(root, [
            Change(path=path, before=read_state(root, path), content=content, executable=executable)
            for path, content, executable in (
                ("README.md", b"three", None),
                ("bin/run", b"#!/bin/sh\\n", False),
                ("old/only.txt", None, None),
                ("new/deep/a.txt", b"a", None),
                ("new/b.sh", b"b", True),
            )
        ], command="apply", keeps=KEEPS)
"""
_ABORT = """
import sys
from pathlib import Path
from devkit.engine.lock import writer_lock
from devkit.engine.transaction import abort

def main(root):
    with writer_lock(root, command="update"):
        abort(root)
"""
_UNDO = """
import sys
from pathlib import Path
from devkit.engine.lock import writer_lock
from devkit.engine.transaction import recover

def main(root):
    with writer_lock(root, command="apply"):
        recover(root)
"""
_BEAR = """
import sys
from pathlib import Path
from devkit.engine.birth import born
from devkit.engine.git import Git

def main(destination):
    with born(destination) as staging:
        git = Git(staging)
        git.init()
        (staging / "src").mkdir()
        (staging / "src/a.py").write_text("a")
        (staging / "run").write_text("b")
        (staging / "run").chmod(0o755)
        git.add_all()
        git.commit("Start")
"""
_CHECK = """
import sys
from pathlib import Path
from devkit.engine.birth import check_destination as main
"""


def transaction() -> Subject:
    """Files that change, go, become executable and are new, in a project that devkit never wrote to."""
    return Subject(
        prepare=_make_project,
        argv=lambda folder: _python(_COMMIT.replace("KEEPS", "False"), folder),
        undo=lambda folder: _python(_UNDO, folder),
        look=_look_at_project,
    )


def undoing() -> Subject:
    """The same changes, kept and then undone: what undoes a killed run is itself killed."""

    def prepare(folder: Path) -> None:
        _make_project(folder)
        subprocess.run(_python(_COMMIT.replace("KEEPS", "True"), folder), check=True)

    def look(folder: Path) -> object:
        tree = _look_at_project(folder)
        assert isinstance(tree, dict)
        return {path: entry for path, entry in tree.items() if not path.startswith(f"{STATE}/kept")}

    return Subject(
        prepare=prepare,
        argv=lambda folder: _python(_ABORT, folder),
        undo=lambda folder: _python(_UNDO, folder),
        look=look,
    )


def birth(kind: str) -> Subject:
    """A project with a first commit: `"new"`, `"nested"`, in an `"empty"` folder, in a new `"repository"`."""
    name = {"new": "shop", "nested": "a/b/shop"}.get(kind, "shop")

    def prepare(folder: Path) -> None:
        if kind in {"empty", "repository"}:
            (folder / name).mkdir()
        if kind == "repository":
            subprocess.run(["git", "init", "-q", "-b", "main", str(folder / name)], check=True)

    return Subject(
        prepare=prepare,
        argv=lambda folder: _python(_BEAR, folder / name),
        undo=lambda folder: _python(_CHECK, folder / name),
        look=lambda folder: _look_at_repository(folder, folder / name),
        env={**os.environ, **_identity()},
    )


def _python(code: str, folder: Path) -> list[str]:
    return [
        sys.executable,
        "-B",
        "-u",
        "-c",
        code + _FAILS,
        str(folder),
    ]  # only the program itself writes, and at once


def _make_project(folder: Path) -> None:
    for path, content, mode in (
        ("README.md", b"one\r\ntwo", 0o644),
        ("bin/run", b"#!/bin/sh\n", 0o755),
        ("old/only.txt", b"goes\n", 0o600),
    ):
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        file.chmod(mode)


def _look_at_project(folder: Path) -> object:
    """Return the tree, with only what is not always in devkit's own folder."""
    tree = read_tree(folder, without=(".devkit", f"{STATE}/.gitignore", f"{STATE}/lock"))
    tree |= {f".devkit/{path}": entry for path, entry in read_tree(folder / ".devkit").items()}
    for usual in (STATE, f"{STATE}/.gitignore", f"{STATE}/lock"):
        tree.pop(usual, None)
    return tree


def _look_at_repository(folder: Path, project: Path) -> object:
    """Return the tree without git's index, which holds times, but with what git thinks of it."""
    git = os.path.relpath(project / ".git", folder)
    tree = read_tree(folder, without=(f"{git}/index",))
    if (project / ".git").exists():
        done = subprocess.run(
            ["git", "status", "--porcelain"], cwd=project, check=False, capture_output=True, env={**os.environ}
        )
        tree["git status"] = (done.returncode, done.stdout)
    return tree


def _identity() -> dict[str, str]:
    names = {f"GIT_{role}_NAME": "Ada" for role in ("AUTHOR", "COMMITTER")}
    mails = {f"GIT_{role}_EMAIL": "ada@example.org" for role in ("AUTHOR", "COMMITTER")}
    dates = {f"GIT_{role}_DATE": "2026-01-01T00:00:00Z" for role in ("AUTHOR", "COMMITTER")}
    return {**names, **mails, **dates, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
