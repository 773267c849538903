from __future__ import annotations

import errno
import io
import tempfile
from typing import Any

import pytest

from devkit.report.spool import IN_MEMORY, Spool


def test_a_little_comes_back_as_it_was() -> None:
    spool = Spool()
    spool.add("one\ntwo")
    spool.add("thr\udcffee")

    assert list(spool.texts()) == ["one\ntwo\nthr\udcffee"]
    assert spool.last_line() == "thr\udcffee"


def test_more_than_fits_into_memory_comes_back_whole_and_in_whole_lines() -> None:
    spool, lines = Spool(), [f"line {number} " + "ü" * 40 for number in range(20_000)]
    for line in lines:
        spool.add(line)

    assert len(spool._kept) <= IN_MEMORY
    assert "\n".join(spool.texts()).split("\n") == lines
    spool.close()


def test_a_full_disk_loses_the_rest_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(io.RawIOBase):
        def write(self, _: Any) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

        def seek(self, *_: int) -> int:
            return 0

        def read(self, _: int = -1) -> bytes:
            return b""

    monkeypatch.setattr(tempfile, "TemporaryFile", lambda **_: Full())
    spool = Spool()
    spool.add("x" * IN_MEMORY)
    spool.add("the end")

    assert list(spool.texts()) == [
        "the end",
        f"(the disk is full: {IN_MEMORY + 1} bytes of the output are missing here)",
    ]


@pytest.mark.parametrize(("text", "last"), [("a\nb\n\n", "b"), ("", ""), ("only", "only")])
def test_the_last_line_is_the_last_that_says_something(text: str, last: str) -> None:
    spool = Spool()
    spool.add(text)
    assert spool.last_line() == last
