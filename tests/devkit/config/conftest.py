"""A project folder to configure, with a user of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def user_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
    (tmp_path / "home" / "devkit").mkdir(parents=True)
    return tmp_path / "home" / "devkit" / "config.toml"


@pytest.fixture
def project(tmp_path: Path, user_file: Path) -> Callable[..., Path]:
    """Return a function that writes files (`pyproject` for `pyproject.toml`) and returns the folder."""
    assert user_file.parent.is_dir()

    def write(**files: str) -> Path:
        for name, text in files.items():
            (tmp_path / f"{name.replace('_', '.')}.toml").write_text(text, encoding="utf-8", newline="")
        return tmp_path

    return write
