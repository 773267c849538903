"""Stopping a child process with all that it started."""

from __future__ import annotations

import os
import time
from signal import SIGTERM
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from subprocess import Popen

GRACE = 1.0
"""Seconds between asking a process to end and ending it."""
_INTERVAL = 0.01


def stop_group(process: Popen[bytes]) -> None:
    """Ask a process and its group to end, wait a second, then end them; return when the process is gone."""
    if os.name == "nt":
        process.kill()
        process.wait()
        return
    try:
        signal_group(process.pid, SIGTERM)
        _wait(process, time.monotonic() + GRACE)
    finally:
        from signal import SIGKILL

        signal_group(process.pid, SIGKILL)
        process.wait()


def _wait(process: Popen[bytes], deadline: float) -> None:
    """Wait until the whole group has ended: a child of the child may take longer than that."""
    while time.monotonic() < deadline:
        if process.poll() is not None and not signal_group(process.pid, 0):
            return
        time.sleep(_INTERVAL)


def signal_group(group: int, number: int) -> bool:
    """Send a signal to a process group; return whether there is one."""
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        return False
    except PermissionError:  # what is left runs as somebody else, or is dead and not yet reaped (macOS)
        return True
    return True
