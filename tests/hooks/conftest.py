from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.hooks.repository import Repository

if TYPE_CHECKING:
    from pathlib import Path

_IDENTITY = {"NAME": "Tester", "EMAIL": "tester@example.org"}


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Repository:
    """Return an empty repository that no configuration of the machine reaches; the process is in it."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    for name in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"):
        monkeypatch.setenv(name, os.devnull)
    for role in ("AUTHOR", "COMMITTER"):
        for name, value in _IDENTITY.items():
            monkeypatch.setenv(f"GIT_{role}_{name}", value)
    root = tmp_path / "work"
    subprocess.run(["git", "init", "-q", "-b", "main", str(root)], check=True)
    monkeypatch.chdir(root)
    return Repository(root=root, capture=capsys)


@pytest.fixture(autouse=True)
def _without_hadolint(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no test depend on what is installed."""
    monkeypatch.setattr("devkit_githooks.hadolint._program", lambda: "")
