from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

from devkit.project.processes import is_there

if TYPE_CHECKING:
    import pytest


def test_a_process_is_there_until_it_has_ended() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        was_there = is_there(process.pid)

    assert was_there
    assert not is_there(process.pid)


def test_a_number_that_no_process_can_have_is_of_none() -> None:
    assert not is_there(1 << 70)


def test_a_process_of_somebody_else_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(pid: int, number: int) -> None:
        raise PermissionError(pid, number)

    monkeypatch.setattr(os, "kill", refuse)

    assert is_there(1)
