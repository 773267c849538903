"""Reading what BuildKit tells of a build: JSON lines (`--progress=rawjson`) as steps that begin, speak and end."""

from __future__ import annotations

import base64
import binascii
import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from devkit_build.steps import Step, Steps

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_LONGEST = 4 * 1024 * 1024
"""Characters of an event that came in pieces; what is longer is not read."""


class RawEvents:
    """Takes the lines of the builder's error stream; what is no event is kept in `words`, with the final error.

    An event is `client.SolveStatus` of github.com/moby/buildkit. `tell` hears a line for each step that ended and for
    each line that a step printed.
    """

    def __init__(self, tell: Callable[[str], None]) -> None:
        self.steps = Steps()
        self.words: list[str] = []
        self._tell = tell
        self._piece = ""
        self._told: set[str] = set()

    def take(self, line: str) -> None:
        """Take in one line, or a piece of one that is very long."""
        event = self._event(line)
        if event is None:
            return
        for vertex in event.get("vertexes") or ():
            self._vertex(vertex)
        for log in event.get("logs") or ():
            self._log(log)
        self.steps.warnings += [_text(warning.get("short")) for warning in event.get("warnings") or ()]

    def _event(self, line: str) -> dict[str, Any] | None:
        """Return the event that a line completes, `None` when it is none or not whole yet.

        A builder writes an event on one line, or an earlier one over several, the last of which is a lone brace.
        """
        if not self._piece and not line.startswith("{"):
            self.words.append(line)
            return None
        if line == "{":
            self._piece = ""
        self._piece = f"{self._piece}{line}" if len(self._piece) < _LONGEST else ""
        if not line.endswith("}") or line.startswith(" "):
            return None
        try:
            event = json.loads(self._piece)
        except ValueError:
            return None
        self._piece = ""
        return event if isinstance(event, dict) else None

    def _vertex(self, vertex: Mapping[str, Any]) -> None:
        key = str(vertex.get("digest"))
        step = self.steps.found.setdefault(key, Step(name=str(vertex.get("name") or "")))
        step.is_cached = bool(vertex.get("cached"))
        step.failure = str(vertex.get("error") or "")
        if vertex.get("completed"):
            step.seconds = _seconds(vertex.get("started"), vertex["completed"])
            self._end(key, step)
        elif vertex.get("started") and not step.name.startswith("[internal]"):
            self._tell(step.short)

    def _end(self, key: str, step: Step) -> None:
        if key not in self._told and not step.name.startswith("[internal]"):
            self._told.add(key)
            self._tell(step.line)

    def _log(self, log: Mapping[str, Any]) -> None:
        step = self.steps.found.get(str(log.get("vertex")))
        for line in _text(log.get("data")).splitlines():
            if step is not None:
                step.output.append(line)
            self._tell(line)


def _text(data: Any) -> str:
    """Return bytes that came as base64, as text."""
    try:
        return base64.b64decode(str(data or "")).decode("utf-8", "replace")
    except binascii.Error:
        return ""


def _seconds(started: Any, completed: Any) -> float:
    try:
        return max(0.0, (_moment(completed) - _moment(started)).total_seconds())
    except (ValueError, TypeError):
        return 0.0


def _moment(text: Any) -> datetime:
    """Return a moment as Go writes it, with up to nine digits after the point."""
    head, point, rest = str(text).partition(".")
    digits = "".join(character for character in rest if character.isdigit() and point)[:6]
    zone = rest.lstrip("0123456789") if point else ""
    return datetime.fromisoformat(f"{head}.{digits or '0'}{zone}")
