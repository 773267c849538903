from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from devkit.config.directories import cache_folder, config_folder, state_folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FOLDERS = [
    (config_folder, "XDG_CONFIG_HOME", ".config"),
    (state_folder, "XDG_STATE_HOME", ".local/state"),
    (cache_folder, "XDG_CACHE_HOME", ".cache"),
]


@pytest.mark.parametrize(("folder", "variable", "below_home"), FOLDERS)
def test_the_variable_of_the_specification_counts_when_it_is_absolute(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: Callable[[], str], variable: str, below_home: str
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv(variable, str(tmp_path / "chosen"))
    assert folder() == str(tmp_path / "chosen" / "devkit")
    for ignored in ("", "relative/folder"):
        monkeypatch.setenv(variable, ignored)
        assert folder() == str(tmp_path / below_home / "devkit")
