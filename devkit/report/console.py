"""The consumer for people: lines on a terminal or in a log, and one JSON document when asked for."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, TextIO

from devkit.report.colours import wants_color
from devkit.report.live import LiveLines
from devkit.report.text import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from devkit.api.findings import Finding
    from devkit.api.result import Result
    from devkit.errors import DevkitError
    from devkit.report.events import Event
    from devkit.report.progress import Progress


class Console:
    """Shows what happens on stderr and the answer on stdout, as loud as asked for."""

    def __init__(self, *, verbosity: int = 0, is_json: bool = False, color: str = "auto") -> None:
        self.verbosity = verbosity
        self.live = LiveLines()
        self.findings: list[Finding] = []
        self._is_json = is_json
        self._color = color
        self._progress: Progress | None = None

    def __call__(self, event: Event) -> None:
        """Show one event."""
        if self._progress is None:
            from devkit.report.progress import Progress

            self._progress = Progress(self)
            self.live.is_colored = wants_color(self._color, sys.stderr)
        self._progress.show(event)

    def answer(self, result: Result) -> None:
        """Show the answer of a command."""
        if self._is_json:
            self._document(result.schema, dict(result.data), result.error, result.further)
        elif self.verbosity >= 0:
            self.live.clear()
            _write(sys.stdout, self._color, *result.lines)
        *former, last = (result.error, *result.further)
        for error in filter(None, former):
            self._tell(error, has_state=False)
        if last is not None:
            self._tell(last)

    def fail(self, error: DevkitError, hints: tuple[str, ...] = ()) -> None:
        """Show a failure."""
        if self._is_json:
            self._document("devkit.error/1", {}, error)
        self._tell(error, hints)

    def end(self, error: DevkitError) -> None:
        """Show the end of a run that goes on until a signal comes: what is left of it, and no failure."""
        if self._is_json:
            self._document("devkit.error/1", {}, error)
        self.say(error.state)

    def print(self, *lines: str) -> None:
        """Write lines to stdout, or to stderr where one JSON document is to come, unless only failures are wanted."""
        if self.verbosity >= 0:
            self.live.clear()
            _write(sys.stderr if self._is_json else sys.stdout, self._color, *lines)

    def say(self, *lines: str) -> None:
        """Write lines to stderr, unless only failures are wanted."""
        if self.verbosity >= 0:
            self.say_always(*lines)

    def say_always(self, *lines: str) -> None:
        """Write lines to stderr."""
        self.live.clear()
        _write(sys.stderr, self._color, *lines)

    def _tell(self, error: DevkitError, hints: tuple[str, ...] = (), *, has_state: bool = True) -> None:
        from devkit.report.failures import error_lines

        self.say_always(*error_lines(error, hints, has_state=has_state))

    def _document(
        self, schema: str, data: dict[str, Any], error: DevkitError | None, further: Sequence[DevkitError] = ()
    ) -> None:
        import json

        from devkit.report.failures import error_document, finding_document

        document = {"schema": schema, **data, "findings": [finding_document(finding) for finding in self.findings]}
        document["error"] = error_document(error) if error else None
        if further:
            document["further_errors"] = [error_document(each) for each in further]
        sys.stdout.write(json.dumps(document, indent=2, default=str) + "\n")
        sys.stdout.flush()


def _write(stream: TextIO, color: str, *lines: str) -> None:
    is_colored = wants_color(color, stream)
    text = "".join(f"{line if is_colored else plain(line)}\n" for line in lines)
    encoding = stream.encoding or "utf-8"
    stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
    stream.flush()
