from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.real.engine_subjects import birth, transaction, undoing
from tests.real.sweep import failure_sweep, interrupt_sweep, kill_sweep, require_strace

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.real
WRITES = ("write", "openat", "mkdir", "mkdirat", "rename", "renameat", "linkat", "fsync", "syncfs")


@pytest.fixture(autouse=True)
def traced() -> None:
    require_strace()


def test_a_transaction_killed_anywhere_ends_before_or_after(tmp_path: Path) -> None:
    assert kill_sweep(transaction(), tmp_path) == []


def test_an_undo_killed_anywhere_ends_before_or_after(tmp_path: Path) -> None:
    assert kill_sweep(undoing(), tmp_path) == []


@pytest.mark.parametrize("repeats", [False, True], ids=["once", "again and again"])
@pytest.mark.parametrize("signal", ["INT", "TERM"])
def test_a_transaction_interrupted_anywhere_is_put_back(tmp_path: Path, signal: str, repeats: bool) -> None:
    assert interrupt_sweep(transaction(), tmp_path, signal=signal, repeats=repeats) == []


@pytest.mark.parametrize("repeats", [False, True], ids=["once", "again and again"])
@pytest.mark.parametrize("kind", ["new", "nested", "empty", "repository"])
def test_a_birth_interrupted_anywhere_leaves_nothing(tmp_path: Path, kind: str, repeats: bool) -> None:
    assert interrupt_sweep(birth(kind), tmp_path, signal="INT", repeats=repeats) == []


@pytest.mark.parametrize("kind", ["new", "nested", "empty", "repository"])
def test_a_birth_killed_anywhere_ends_before_or_after(tmp_path: Path, kind: str) -> None:
    assert kill_sweep(birth(kind), tmp_path) == []


@pytest.mark.parametrize("persists", [False, True], ids=["once", "from then on"])
def test_a_transaction_on_a_full_disk_is_put_back(tmp_path: Path, persists: bool) -> None:
    problems = failure_sweep(transaction(), tmp_path, calls=WRITES, error="ENOSPC", codes=(74,), persists=persists)
    assert problems == []


@pytest.mark.parametrize("persists", [False, True], ids=["once", "from then on"])
@pytest.mark.parametrize("kind", ["new", "empty"])
def test_a_birth_on_a_full_disk_leaves_nothing(tmp_path: Path, kind: str, persists: bool) -> None:
    problems = failure_sweep(birth(kind), tmp_path, calls=WRITES, error="ENOSPC", codes=(74, 69), persists=persists)
    assert problems == []
