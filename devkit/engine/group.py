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


class Stopped(BaseException):
    """What a task works at is to be left, because its run is being stopped; no failure of the task."""


def has_group(process: Popen[bytes]) -> bool:
    """Whether anything of the group of a process is left."""
    return os.name != "nt" and _is_alive(process.pid)


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
        if process.poll() is not None and not _is_alive(process.pid):
            return
        time.sleep(_INTERVAL)


def _is_alive(group: int) -> bool:
    """Whether a group has a process that has not ended; what nobody reaps, as in many containers, does not count."""
    if not signal_group(group, 0):
        return False
    try:
        numbers = [name for name in os.listdir("/proc") if name.isdecimal()]
    except OSError:  # a system without it
        return True
    return not numbers or any(_is_living_member(number, group) for number in numbers)


def _is_living_member(number: str, group: int) -> bool:
    """Whether a process is of the group and alive: proc_pid_stat(5)."""
    try:
        with open(f"/proc/{number}/stat", "rb") as file:
            state, _, its_group, *_ = file.read().rpartition(b")")[2].split()
    except (OSError, ValueError):  # it has just gone
        return False
    return int(its_group) == group and state not in {b"Z", b"X"}


def signal_group(group: int, number: int) -> bool:
    """Send a signal to a process group; return whether there is one."""
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        return False
    except PermissionError:  # what is left runs as somebody else, or is dead and not yet reaped (macOS)
        return True
    return True
