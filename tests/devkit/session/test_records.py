from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from devkit.project.root import BASELINE_FILE, LOCK_FILE

if TYPE_CHECKING:
    from devkit.testing import DevkitProject


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"schema = 1\nstages = []\n", b"[stages]\n"])
@pytest.mark.parametrize("command", ["status", "plan", "apply"])
def test_a_lock_that_says_nothing_is_no_order_to_remove(acme: DevkitProject, content: bytes, command: str) -> None:
    (acme.root / LOCK_FILE).write_bytes(content)
    before = acme.files()
    done = acme.run(command)

    assert done.code == 78
    assert LOCK_FILE in done.stderr
    assert acme.files() == before


@pytest.mark.parametrize("command", ["status", "plan", "apply"])
def test_a_lock_that_is_missing_is_no_order_to_remove(acme: DevkitProject, command: str) -> None:
    (acme.root / LOCK_FILE).unlink()
    before = acme.files()
    done = acme.run(command)

    assert done.code == 78
    assert f"git checkout HEAD -- {LOCK_FILE}" in done.stderr
    assert acme.files() == before


@pytest.mark.parametrize("make", [os.mkdir, os.mkfifo], ids=["folder", "pipe"])
@pytest.mark.parametrize(("record", "code"), [(LOCK_FILE, 78), (BASELINE_FILE, 0)])
def test_a_record_that_is_no_file_neither_hangs_nor_crashes(
    acme: DevkitProject, make: object, record: str, code: int
) -> None:
    (acme.root / record).unlink()
    make(acme.root / record)  # type: ignore[operator]

    assert acme.run("status").code == code


def test_a_baseline_that_is_no_file_is_not_written_over(acme: DevkitProject) -> None:
    (acme.root / BASELINE_FILE).unlink()
    (acme.root / BASELINE_FILE).mkdir()
    done = acme.run("apply")

    assert done.code == 73
    assert BASELINE_FILE in done.stderr


def test_a_record_that_cannot_be_read_says_so_with_a_way_out(
    acme: DevkitProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Path) -> bytes:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    done = acme.run("plan")

    assert done.code == 77
    assert "state: nothing was changed" in done.stderr
    assert "help: make it readable for you" in done.stderr
