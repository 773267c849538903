"""The last lines of a terminal while tasks run: for each its name, how long it takes, and what it said last."""

from __future__ import annotations

import os
import sys
import time

from msgspec import Struct

from devkit.report.text import clean, fitted, style

_FRAMES = "|/-\\"
_INTERVAL = 0.08
"""Seconds between two drawings; more often nobody can read."""
_MOST = 10
_MINUTE = 60


class _Line(Struct):
    started: float
    text: str


class LiveLines:
    """Lines on stderr that are drawn over and over, one a task; on anything but a terminal nothing is drawn."""

    def __init__(self) -> None:
        self.is_colored = False
        self._lines: dict[str, _Line] = {}
        self._drawn = 0
        self._count = 0
        self._last = 0.0

    def begin(self, name: str, summary: str) -> None:
        """Show that something runs."""
        self._lines[name] = _Line(time.monotonic(), summary)
        self.draw()

    def show(self, name: str, text: str) -> None:
        """Remember what something said last."""
        if name in self._lines:
            self._lines[name].text = text

    def end(self, name: str) -> None:
        """Show no longer that something runs."""
        self._lines.pop(name, None)

    def draw(self) -> None:
        """Draw the lines, unless that was just done."""
        now = time.monotonic()
        if not self._lines or now < self._last + _INTERVAL or not _is_terminal():
            return
        self.clear()
        self._last = now
        self._count += 1
        lines = self._texts(now, *_size())
        sys.stderr.write("\n".join(lines))
        sys.stderr.flush()
        self._drawn = len(lines)

    def clear(self) -> None:
        """Take the lines away, so that something lasting can be written in their place."""
        if self._drawn:
            sys.stderr.write("\r\x1b[K" + "\x1b[A\x1b[K" * (self._drawn - 1))
            self._drawn = 0
            self._last = 0.0

    def _texts(self, now: float, columns: int, rows: int) -> list[str]:
        most = max(1, min(_MOST, rows - 2))
        shown = list(self._lines.items())[:most]
        texts = [self._text(name, line, now, columns - 1) for name, line in shown]
        hidden = len(self._lines) - len(shown)
        return [*texts, fitted(f"  and {hidden} more", columns - 1)] if hidden else texts

    def _text(self, name: str, line: _Line, now: float, width: int) -> str:
        head = f"{_FRAMES[self._count % len(_FRAMES)]} {name} {_elapsed(now - line.started)}  "
        text = clean(line.text.expandtabs(1))
        if len(head) >= width:
            return fitted(head, width)
        return f"{style(head, 'cyan') if self.is_colored else head}{fitted(text, width - len(head))}"


def _elapsed(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), _MINUTE)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def _is_terminal() -> bool:
    return sys.stderr.isatty() and os.environ.get("TERM") != "dumb"


def _size() -> tuple[int, int]:
    try:
        size = os.get_terminal_size(sys.stderr.fileno())
    except OSError:
        return 80, 24
    return size.columns or 80, size.lines or 24
