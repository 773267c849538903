from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

import devkit
from devkit.host.searchpath import search_path

LIBRARY = os.path.dirname(os.__file__)
OWN = str(Path(devkit.__file__).parents[1])


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "project" / "src"
    folder.mkdir(parents=True)
    (folder.parent / "pyproject.toml").touch()
    monkeypatch.chdir(folder)
    return folder


def _kept(monkeypatch: pytest.MonkeyPatch, *entries: str) -> list[str]:
    monkeypatch.setattr(sys, "path", [*entries, LIBRARY])
    return search_path()[:-1]


@pytest.mark.parametrize("entry", ["", ".", "..", "relative", "{here}", "{here}/../src", "{link}"])
def test_the_current_folder_is_left_out_however_it_is_written(
    here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, entry: str
) -> None:
    (tmp_path / "link").symlink_to(here)
    assert _kept(monkeypatch, entry.format(here=here, link=tmp_path / "link")) == []


def test_the_project_around_the_current_folder_is_left_out(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _kept(monkeypatch, str(here.parent)) == []


def test_other_folders_stay(here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entries = [str(tmp_path), str(here / "below"), str(here.parent / "src-other"), "/absent"]
    assert _kept(monkeypatch, *entries) == entries


def test_what_was_installed_stays_even_when_it_is_the_current_folder(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "path", [LIBRARY, str(here)])
    assert search_path() == [LIBRARY, str(here)]


def test_the_folder_of_devkit_itself_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(OWN)
    assert _kept(monkeypatch, OWN) == [OWN]


def test_a_current_folder_that_is_gone_is_no_obstacle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert _kept(monkeypatch, "", str(tmp_path)) == [str(tmp_path)]
