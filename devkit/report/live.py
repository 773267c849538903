"""The last line of a terminal while a task runs: its name, how long it takes, and what it said last."""

from __future__ import annotations

import os
import sys
import time

_FRAMES = "|/-\\"


class LiveLine:
    """One line on stderr that is drawn over and over; on anything but a terminal it draws nothing."""

    def __init__(self) -> None:
        self._head = ""
        self._started = 0.0
        self._drawn = False
        self._count = 0

    def begin(self, name: str, summary: str) -> None:
        """Show that something runs."""
        self._head = name
        self._started = time.monotonic()
        self.show(summary)

    def show(self, text: str) -> None:
        """Draw the line with what was said last."""
        if not self._head or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
            return
        self._count += 1
        seconds = time.monotonic() - self._started
        line = f"{_FRAMES[self._count % len(_FRAMES)]} {self._head} {seconds:.0f} s  {text.expandtabs(1)}"
        sys.stderr.write(f"\r\x1b[K{line[: _columns() - 1]}")
        sys.stderr.flush()
        self._drawn = True

    def clear(self) -> None:
        """Take the line away, so that something lasting can be written in its place."""
        if self._drawn:
            sys.stderr.write("\r\x1b[K")
            self._drawn = False


def _columns() -> int:
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns or 80
    except OSError:
        return 80
