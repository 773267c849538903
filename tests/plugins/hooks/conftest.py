from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from devkit.testing import DevkitProject

CONFIG = """\
repos:
  - repo: local
    hooks:
      - {id: words, name: words, entry: spell, language: system, stages: [pre-commit, commit-msg]}
      - {id: proof, name: proof, entry: prove, language: system, stages: [pre-push]}
"""


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return where the first repository is kept, for the others to be copies of it."""
    return tmp_path_factory.mktemp("made") / "project"


@pytest.fixture
def repository(devkit_project: Callable[..., DevkitProject], made: Path) -> DevkitProject:
    """Return a git repository that uses the hooks stage and has a configuration of its own."""
    project = devkit_project({"devkit.toml": "", ".pre-commit-config.yaml": CONFIG, "README.md": "# shop\n"})
    if made.exists():
        shutil.copytree(made, project.root, symlinks=True, dirs_exist_ok=True)
        return project
    project.git("init", "-q")
    assert project.run("add", "hooks").code == 0
    project.git("add", "-A")
    project.git("commit", "-qm", "begin")
    shutil.copytree(project.root, made, symlinks=True)
    return project


@pytest.fixture
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing be installed that runs hooks, with devkit or elsewhere."""
    monkeypatch.setattr("sys.executable", str(tmp_path / "nowhere/python"))
    monkeypatch.setenv("PATH", "/usr/bin:/bin")


@pytest.fixture
def runner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a `pre-commit` on PATH that writes down what it was asked and read; return where."""
    folder, said = tmp_path / "bin", tmp_path / "said"
    folder.mkdir()
    script = f'#!/bin/sh\nprintf "%s\\n" "$*" >> {said}\ncat >> {said}\nexit ${{RUNNER_CODE:-0}}\n'
    (folder / "pre-commit").write_text(script, "utf-8")
    (folder / "pre-commit").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    return said
