from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.real.engine_subjects import birth, transaction, undoing
from tests.real.sweep import failure_sweep, interrupt_sweep, kill_sweep, require_strace, run_clean, unsynced_renames

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def traced() -> None:
    require_strace()


def test_a_killed_transaction_ends_before_or_after(tmp_path: Path) -> None:
    assert kill_sweep(transaction(), tmp_path, stride=16) == []


def test_a_killed_undo_ends_before_or_after(tmp_path: Path) -> None:
    assert kill_sweep(undoing(), tmp_path, stride=19) == []


def test_interruptions_again_and_again_end_well(tmp_path: Path) -> None:
    assert interrupt_sweep(transaction(), tmp_path, signal="INT", repeats=True, stride=19) == []
    assert interrupt_sweep(birth("empty"), tmp_path / "birth", signal="TERM", repeats=True, stride=37) == []


@pytest.mark.parametrize("kind", ["new", "repository"])
def test_a_killed_birth_ends_before_or_after(tmp_path: Path, kind: str) -> None:
    assert kill_sweep(birth(kind), tmp_path, stride=31) == []


def test_a_full_disk_is_74_and_changes_nothing(tmp_path: Path) -> None:
    problems = failure_sweep(
        transaction(), tmp_path, calls=("write", "fsync"), error="ENOSPC", codes=(74,), persists=True, stride=6
    )
    assert problems == []


def test_what_a_transaction_renames_is_on_the_disk(tmp_path: Path) -> None:
    trace = run_clean(transaction(), tmp_path).trace
    assert trace.count('.new", ') >= 4
    assert unsynced_renames(trace) == []


@pytest.mark.parametrize("kind", ["new", "empty"])
def test_what_a_birth_renames_is_on_the_disk(tmp_path: Path, kind: str) -> None:
    trace = run_clean(birth(kind), tmp_path).trace
    assert "rename(" in trace
    assert unsynced_renames(trace) == []


def test_a_rename_of_what_was_not_synced_would_be_found() -> None:
    trace = 'write(3</p/a.new>, ""..., 1) = 1\nrenameat(4</p>, "a.new", 5</q>, "a") = 0\nrename("/x/y", "/z") = 0\n'
    assert unsynced_renames(trace) == ['4</p>, "a.new", 5</q>, "a") = 0']
    assert unsynced_renames(trace.replace("renameat", "fsync(3</p/a.new>) = 0\nrenameat")) == []
