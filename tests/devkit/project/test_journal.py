from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from devkit.project.journal import JOURNAL_FILE, UNREADABLE, pending_recovery

if TYPE_CHECKING:
    from pathlib import Path


def journal(root: Path, text: str) -> None:
    (root / JOURNAL_FILE).parent.mkdir(parents=True)
    (root / JOURNAL_FILE).write_text(text)


def test_without_a_journal_nothing_waits(tmp_path: Path) -> None:
    assert pending_recovery(tmp_path) is None
    assert list(tmp_path.iterdir()) == []


def test_a_journal_names_its_command(tmp_path: Path) -> None:
    journal(tmp_path, '{"command": "update"}')
    assert pending_recovery(tmp_path) == "update"


@pytest.mark.parametrize("text", ["", "{", "[]", '{"command": 1}', "[" * 100_000])
def test_an_unreadable_journal_waits_all_the_same(tmp_path: Path, text: str) -> None:
    journal(tmp_path, text)
    assert pending_recovery(tmp_path) == UNREADABLE


def test_a_pipe_in_place_of_the_journal_makes_nobody_wait(tmp_path: Path) -> None:
    (tmp_path / JOURNAL_FILE).parent.mkdir(parents=True)
    os.mkfifo(tmp_path / JOURNAL_FILE)
    assert pending_recovery(tmp_path) == UNREADABLE
