"""The steps of a build as they go: what each is called, how long it took, whether the cache had it."""

from __future__ import annotations

import re
from collections import deque
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

if TYPE_CHECKING:
    from collections.abc import Iterator

_KEPT_LINES = 400
_MOUNT = re.compile(r"(?<=\s)--(?:mount|network|security)=\S+")
_DOCKERFILE_STEP = re.compile(
    r"\[(?:(?P<stage>[^\]]*) )?(?P<number>\d+)/(?P<total>\d+)\] (?P<instruction>.*)", re.DOTALL
)


class Step(Struct):
    """One step; `seconds` is `None` until it ended, `failure` what ended it, `output` the end of what it printed."""

    name: str
    is_cached: bool = False
    seconds: float | None = None
    failure: str = ""
    output: deque[str] = field(default_factory=lambda: deque(maxlen=_KEPT_LINES))

    @property
    def instruction(self) -> str:
        """The line of the Dockerfile that it is, empty for a step of the builder's own."""
        match = _DOCKERFILE_STEP.fullmatch(self.name)
        return match["instruction"] if match else ""

    @property
    def stage(self) -> str:
        """The stage of the Dockerfile that it belongs to."""
        match = _DOCKERFILE_STEP.fullmatch(self.name)
        return (match["stage"] or "") if match else ""

    @property
    def line(self) -> str:
        """What to say of it when it has ended."""
        if self.failure:
            return f"failed   {self.short}"
        if self.is_cached:
            return f"cached   {self.short}"
        return f"{self.seconds or 0.0:6.1f} s {self.short}"

    @property
    def short(self) -> str:
        """Its name on one line, without what is only mounted."""
        return shortened(self.name)


def shortened(text: str, longest: int = 100) -> str:
    """Return an instruction on one line, without the options of `RUN` and without its end when it is long."""
    text = " ".join(_MOUNT.sub("", text).split())
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


class Steps(Struct):
    """All steps of a build by an identifier, in the order in which they began."""

    found: dict[str, Step] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)

    def of_dockerfile(self) -> Iterator[Step]:
        """Return those that are lines of the Dockerfile."""
        return (step for step in self.found.values() if step.instruction)

    def failed(self) -> Step | None:
        """Return the step that broke the build: one that failed by itself, not for the sake of another."""
        failures = [step for step in self.found.values() if step.failure]
        own = [step for step in failures if "context canceled" not in step.failure]
        return next(iter(own or failures), None)

    def documents(self) -> list[dict[str, Any]]:
        """Return the steps of the Dockerfile for programs."""
        return [
            {"name": step.name, "cached": step.is_cached, "seconds": round(step.seconds or 0.0, 3)}
            for step in self.of_dockerfile()
        ]


Source = tuple[str, int]
"""A step by its identifier, and the number of the stream that it prints to."""


class Pieces:
    """Text that comes in pieces from several sources at once, as whole lines."""

    def __init__(self) -> None:
        self._rests: dict[Source, bytes] = {}

    def take(self, source: Source, piece: bytes) -> Iterator[str]:
        """Yield the lines that a piece completes; a carriage return may be the half of an end of a line."""
        lines = (self._rests.pop(source, b"") + piece).splitlines(keepends=True)
        if lines and not lines[-1].endswith(b"\n"):
            self._rests[source] = lines.pop()
        yield from map(_decoded, lines)

    def rest(self, source: Source) -> Iterator[str]:
        """Yield what a source has said since its last whole line, if anything."""
        if source in self._rests:
            yield _decoded(self._rests.pop(source))

    @property
    def sources(self) -> tuple[Source, ...]:
        """Those that are in the middle of a line."""
        return tuple(self._rests)


def _decoded(line: bytes) -> str:
    return line.rstrip(b"\r\n").decode("utf-8", "replace")


class Built(Struct, frozen=True, kw_only=True):
    """What a builder made: its steps, and the digest of the image's manifest, if it has one."""

    steps: Steps
    digest: str = ""
