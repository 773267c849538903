"""Reading what an older buildx prints of a build (`--progress=plain`) as steps that begin, speak and end."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from devkit_build.steps import Step, Steps

if TYPE_CHECKING:
    from collections.abc import Callable

_LINE = re.compile(r"#(?P<number>\d+) (?P<rest>.*)")
_DONE = re.compile(r"DONE (?P<seconds>[\d.]+)s")
_SPOKEN = re.compile(r"[\d.]+ (?P<text>.*)")


class PlainEvents:
    """Takes the lines of the builder's error stream; what belongs to no step is kept in `words`."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self.steps = Steps()
        self.words: list[str] = []
        self._tell = tell

    def take(self, line: str) -> None:
        """Take in one line."""
        match = _LINE.match(line)
        if match is None:
            self.words.append(line)
        elif match["number"] not in self.steps.found:
            self.steps.found[match["number"]] = Step(name=match["rest"])
        else:
            self._event(self.steps.found[match["number"]], match["rest"])

    def _event(self, step: Step, rest: str) -> None:
        done = _DONE.match(rest)
        if rest.startswith("CACHED"):
            step.is_cached, step.seconds = True, 0.0
        elif done:
            step.seconds = float(done["seconds"])
        elif rest.startswith("ERROR: "):
            step.failure = rest.removeprefix("ERROR: ")
        else:
            self._say(step, rest)
            return
        if not step.name.startswith("[internal]"):
            self._tell(step.line)

    def _say(self, step: Step, rest: str) -> None:
        spoken = _SPOKEN.match(rest)
        if spoken:
            step.output.append(spoken["text"])
            self._tell(spoken["text"])
