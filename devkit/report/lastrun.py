"""How a stage ran last, in a few words or as data."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, Any

from devkit.ledger.lastrun import Ending
from devkit.report.text import style

if TYPE_CHECKING:
    from devkit.ledger.lastrun import LastRun

_MINUTE, _HOUR, _DAY = 60.0, 3600.0, 86_400.0
_WORDS = {
    Ending.RUNNING: ("running", "blue"),
    Ending.DONE: ("done", "green"),
    Ending.SKIPPED: ("up to date", "green"),
    Ending.FAILED: ("failed", "red"),
    Ending.BLOCKED: ("blocked", "yellow"),
    Ending.INTERRUPTED: ("interrupted", "yellow"),
}


def last_words(last: LastRun, now: float, *, has_duration: bool = True) -> str:
    """Return how and when a stage ran and how long: `done 2 h ago in 1.4 s`; `now` in seconds since the epoch."""
    word, colour = ending_style(last.ending)
    if last.ending is Ending.RUNNING:
        return style(word, colour)
    is_timed = has_duration and last.ending not in {Ending.SKIPPED, Ending.BLOCKED}
    lasting = f" in {duration(last.seconds)}" if is_timed and last.seconds is not None else ""
    return f"{style(word, colour)} {ago(now - last.started)}{lasting}"


def ending_style(ending: Ending) -> tuple[str, str]:
    """Return the word for an ending, and its colour."""
    return _WORDS[ending]


def last_document(last: LastRun) -> dict[str, Any]:
    """Return a last run as data; `started` is a time in UTC (RFC 3339), `null` when it is beyond all calendars."""
    return {
        "outcome": str(last.ending),
        "started": timestamp(last.started),
        "seconds": None if last.seconds is None else round(last.seconds, 3),
        "reason": last.reason,
        "commit": last.commit,
    }


def ago(seconds: float) -> str:
    """Return in words how long ago something was; what a changed clock puts into the future was just now."""
    if seconds < _MINUTE:
        return "just now"
    if seconds < _HOUR:
        return f"{seconds // _MINUTE:.0f} min ago"
    if seconds < 2 * _DAY:
        return f"{seconds // _HOUR:.0f} h ago"
    return f"{seconds // _DAY:.0f} days ago"


def duration(seconds: float) -> str:
    """Return a duration in words of two units at most."""
    if seconds < _MINUTE - 0.05:  # what would be rounded up to 60.0 s
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"


def timestamp(moment: float) -> str | None:
    """Return a time (seconds since the epoch) as RFC 3339 has it, in UTC; `None` when it is beyond all calendars."""
    try:
        return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(math.floor(moment)))
    except (ValueError, OverflowError, OSError):
        return None
