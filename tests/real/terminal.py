"""A command on a pseudo-terminal of its own, as somebody at a keyboard runs it."""

from __future__ import annotations

import os
import pty
import select
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Self
from uuid import uuid4

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import TracebackType

_MARK = "DEVKIT_TEST_MARK"
PATIENCE = 300.0
"""Seconds to wait for what is to be seen."""
GRACE = 10.0
"""Seconds for what is about to end."""


class Terminal:
    """A running command: what it shows is read, and keys are pressed; it is killed where a test leaves it running."""

    def __init__(self, argv: Sequence[str | Path], *, cwd: Path, variables: Mapping[str, str]) -> None:
        self.shown = ""
        self.code: int | None = None
        self._mark = uuid4().hex
        env = {**variables, _MARK: self._mark, "TERM": "xterm", "NO_COLOR": "1"}
        self.process, self._handle = pty.fork()
        if self.process == 0:
            os.chdir(cwd)
            os.execve(argv[0], [str(word) for word in argv], env)  # noqa: S606 - the child of a fork

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _type: object, _problem: object, _traceback: TracebackType | None) -> None:
        for number in self._processes():
            with suppress(ProcessLookupError):  # it has just ended
                os.kill(number, 9)
        if self.code is None:
            os.waitpid(self.process, 0)
        os.close(self._handle)

    def see(self, text: str) -> str:
        """Wait until a text has been shown, and return everything that has been."""
        deadline = time.monotonic() + PATIENCE
        while text not in self.shown:
            is_running = time.monotonic() < deadline and self._read()
            assert is_running, f"never saw {text!r}:\n{self.shown}"
        return self.shown

    def press(self, keys: str) -> None:
        """Type something."""
        os.write(self._handle, keys.encode())

    def end(self) -> int:
        """Wait for the command to end, and return its exit code."""
        while self._read():
            pass
        _, status = os.waitpid(self.process, 0)
        self.code = os.waitstatus_to_exitcode(status)
        return self.code

    def processes(self) -> list[int]:
        """Return the processes that the command, or anything that it started, has left running.

        What was told to end, and on a busy machine has not come to it yet, is given some time.
        """
        deadline = time.monotonic() + GRACE
        while (found := self._processes()) and time.monotonic() < deadline:
            time.sleep(0.05)
        return found

    def _processes(self) -> list[int]:
        mark = f"{_MARK}={self._mark}".encode()
        return [int(folder.name) for folder in Path("/proc").glob("[0-9]*") if mark in environment_of(folder)]

    def _read(self) -> bool:
        ready, _, _ = select.select([self._handle], [], [], PATIENCE)
        try:
            chunk = os.read(self._handle, 65536) if ready else b""
        except OSError:  # the last process that had the terminal has ended
            return False
        self.shown += chunk.decode("utf-8", "replace")
        return bool(chunk)


def environment_of(folder: Path) -> bytes:
    """Return the environment of a process by its folder in `/proc`; nothing, once it has ended."""
    try:
        return (folder / "environ").read_bytes()
    except OSError:  # it has ended, or is somebody else's
        return b""
