"""Whole commands, killed, interrupted and starved of disk at every moment at which they write."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from functools import partial
from typing import TYPE_CHECKING

import pytest

from tests.real.sweep import Subject, failure_sweep, interrupt_sweep, kill_sweep, read_tree, require_strace

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.real
WRITES = ("write", "openat", "mkdir", "mkdirat", "rename", "renameat", "linkat", "fsync", "syncfs")
TEMPLATE = {
    "template/cookiecutter.json": '{"project_name": "shop", "project_slug": "{{ cookiecutter.project_name }}"}',
    "template/template.toml": 'seeded = ["src/**"]\n',
    "template/{{cookiecutter.project_slug}}/README.md": "# {{ cookiecutter.project_name }}\n",
    "template/{{cookiecutter.project_slug}}/conf/settings.toml": "[server]\nport = 8000\n",
    "template/{{cookiecutter.project_slug}}/src/main.txt": "begin\n",
}
NEWER = {
    "template/{{cookiecutter.project_slug}}/README.md": "# {{ cookiecutter.project_name }}\n\nmore\n",
    "template/{{cookiecutter.project_slug}}/conf/settings.toml": "[server]\nport = 9000\n",
    "template/{{cookiecutter.project_slug}}/docs/new.md": "new\n",
}
INIT = ("init", "market", "--template", "template", "--defaults", "--no-env")


@pytest.fixture(autouse=True)
def traced() -> None:
    require_strace()


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    """An environment in which every run is the same: an own home, and a fixed time for commits."""
    home = tmp_path / "home"
    home.mkdir()
    (home / ".gitconfig").write_text("[user]\n\tname = Test\n\temail = test@example.com\n", "utf-8")
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    dates = dict.fromkeys(("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"), "2026-01-01T00:00:00Z")
    python = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONDONTWRITEBYTECODE": "1"}
    return {**kept, **dates, **python, "HOME": str(home)}


def devkit(folder: Path, *words: str) -> list[str]:
    return [sys.executable, "-m", "devkit", "-C", str(folder), *words]


def write(folder: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")


def look(folder: Path) -> object:
    """Return every file of a project and the commit that it is at; git's own files differ from run to run."""
    tree = read_tree(folder, without=("market/.git", "market/.devkit/state"))
    head = (
        subprocess.run(
            ["git", "rev-parse", "HEAD"], cwd=folder / "market", check=False, capture_output=True, text=True
        )
        if (folder / "market").is_dir()
        else None
    )
    return {**tree, "HEAD": head.stdout if head else ""}


def init(env: dict[str, str]) -> Subject:
    return Subject(
        prepare=lambda folder: write(folder, TEMPLATE),
        argv=lambda folder: devkit(folder, *INIT),
        undo=lambda folder: devkit(folder, *INIT),
        look=look,
        env=env,
    )


def copy_tree(source: Path, target: Path) -> None:
    shutil.copytree(source, target, dirs_exist_ok=True, symlinks=True)


def update(env: dict[str, str], made: Path, command: str = "update") -> Subject:
    """Return a command that takes over a newer template: one in a folder has no version, so `apply` does too."""
    write(made, TEMPLATE)
    subprocess.run(devkit(made, *INIT), check=True, capture_output=True, env=env)
    write(made, NEWER)
    return Subject(
        prepare=partial(copy_tree, made),
        argv=lambda folder: devkit(folder / "market", command),
        undo=lambda folder: devkit(
            folder / "market", "add", "no-such-stage"
        ),  # a writing command: undoes, then fails
        look=look,
        env=env,
    )


def test_init_killed_anywhere_leaves_no_torn_tree_and_no_stray(tmp_path: Path, env: dict[str, str]) -> None:
    assert kill_sweep(init(env), tmp_path / "runs") == []


@pytest.mark.parametrize("command", ["apply", "update"])
def test_a_change_killed_anywhere_ends_before_or_after(tmp_path: Path, env: dict[str, str], command: str) -> None:
    assert kill_sweep(update(env, tmp_path / "made", command), tmp_path / "runs") == []


@pytest.mark.parametrize("signal", ["INT", "TERM"])
def test_init_interrupted_anywhere_ends_before_or_after(tmp_path: Path, env: dict[str, str], signal: str) -> None:
    assert interrupt_sweep(init(env), tmp_path / "runs", signal=signal, repeats=True, stride=3) == []


def test_update_interrupted_anywhere_ends_before_or_after(tmp_path: Path, env: dict[str, str]) -> None:
    subject = update(env, tmp_path / "made")

    assert interrupt_sweep(subject, tmp_path / "runs", signal="INT", repeats=True, stride=3) == []


@pytest.mark.parametrize("persists", [False, True], ids=["once", "from then on"])
def test_init_on_a_full_disk_leaves_nothing(tmp_path: Path, env: dict[str, str], persists: bool) -> None:
    problems = failure_sweep(
        init(env),
        tmp_path / "runs",
        calls=WRITES,
        error="ENOSPC",
        codes=(74, 69, 1),
        persists=persists,
        prints=True,
        stride=2,
    )
    assert problems == [], "\n".join(problems)


@pytest.mark.parametrize("persists", [False, True], ids=["once", "from then on"])
def test_update_on_a_full_disk_is_put_back(tmp_path: Path, env: dict[str, str], persists: bool) -> None:
    problems = failure_sweep(
        update(env, tmp_path / "made"),
        tmp_path / "runs",
        calls=WRITES,
        error="ENOSPC",
        codes=(74,),
        persists=persists,
        prints=True,
        stride=2,
    )
    assert problems == [], "\n".join(problems)
