"""Reading what BuildKit tells of a build: JSON lines (`--progress=rawjson`) as steps that begin, speak and end."""

from __future__ import annotations

import base64
import binascii
import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from devkit_build.steps import Pieces, Step, Steps

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

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
        self._pieces = Pieces()

    def take(self, line: str) -> None:
        """Take in one line, or a piece of one that is very long."""
        event = self._event(line)
        if event is None:
            return
        vertexes = event.get("vertexes") or ()
        for vertex in vertexes:
            self._begin(vertex)
        for log in event.get("logs") or ():
            self._log(log)
        for vertex in vertexes:
            if vertex.get("completed"):
                self._end(vertex)
        self.steps.warnings += [_text(warning.get("short")) for warning in event.get("warnings") or ()]

    def finish(self) -> None:
        """Take in that nothing more comes, though steps may have been in the middle of a line."""
        for key, stream in self._pieces.sources:
            self._say(key, self._pieces.rest((key, stream)))

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

    def _begin(self, vertex: Mapping[str, Any]) -> None:
        step = self.steps.found.setdefault(str(vertex.get("digest")), Step(name=str(vertex.get("name") or "")))
        step.is_cached = bool(vertex.get("cached"))
        step.failure = str(vertex.get("error") or "")
        if vertex.get("started") and not vertex.get("completed") and not step.name.startswith("[internal]"):
            self._tell(step.short)

    def _end(self, vertex: Mapping[str, Any]) -> None:
        key = str(vertex.get("digest"))
        for source in self._pieces.sources:
            if source[0] == key:
                self._say(key, self._pieces.rest(source))
        step = self.steps.found[key]
        step.seconds = _seconds(vertex.get("started"), vertex["completed"])
        if key not in self._told and not step.name.startswith("[internal]"):
            self._told.add(key)
            self._tell(step.line)

    def _log(self, log: Mapping[str, Any]) -> None:
        key = str(log.get("vertex"))
        self._say(key, self._pieces.take((key, int(log.get("stream") or 0)), _bytes(log.get("data"))))

    def _say(self, key: str, lines: Iterable[str]) -> None:
        step = self.steps.found.get(key)
        for line in lines:
            if step is not None:
                step.output.append(line)
            self._tell(line)


def _text(data: Any) -> str:
    return _bytes(data).decode("utf-8", "replace")


def _bytes(data: Any) -> bytes:
    """Return bytes that came as base64."""
    try:
        return base64.b64decode(str(data or ""))
    except binascii.Error:
        return b""


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
