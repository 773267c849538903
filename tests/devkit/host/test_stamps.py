from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from devkit.host.stamps import ABSENT, are_current, have_settled, stamp, stamped

if TYPE_CHECKING:
    from pathlib import Path

SECOND = 1_000_000_000


def test_a_file_that_was_left_alone_is_current(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("text", "utf-8")
    lines = stamped([str(tmp_path / "file"), str(tmp_path), str(tmp_path / "absent")])
    assert are_current(lines)


def test_a_new_time_another_file_and_another_size_are_seen(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("text", "utf-8")
    os.utime(file, ns=(1, 1))
    lines = stamped([str(file)])
    os.utime(file, ns=(2, 2))
    assert not are_current(lines)
    file.write_text("longer text", "utf-8")
    os.utime(file, ns=(1, 1))
    assert not are_current(lines)
    other = tmp_path / "other"
    other.write_text("text", "utf-8")
    os.utime(other, ns=(1, 1))
    other.replace(file)
    assert not are_current(lines)


def test_what_comes_and_goes_is_seen(tmp_path: Path) -> None:
    file = tmp_path / "file"
    lines = stamped([str(file)])
    file.touch()
    assert not are_current(lines)
    lines = stamped([str(file)])
    file.unlink()
    assert not are_current(lines)


def test_a_path_that_cannot_be_is_absent() -> None:
    assert stamp("nul\0byte") == ABSENT


@pytest.mark.parametrize(
    ("changed", "expected"),
    [(1, True), (97, True), (99, False), (100, False), (101, False), (102, False), (200, True)],
)
def test_only_a_change_just_before_or_while_reading_is_doubtful(changed: int, *, expected: bool) -> None:
    lines = [f"{ABSENT}\t/absent", f"{changed * SECOND} 1 1\t/file"]
    assert have_settled(lines, since=100 * SECOND, until=102 * SECOND) is expected
