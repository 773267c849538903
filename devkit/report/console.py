"""The consumer for people: lines on a terminal or in a log, and one JSON document when asked for."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TextIO, assert_never

from devkit.api.tasks import Outcome
from devkit.report.events import FileChanged, FindingRaised, Noted, TaskEnded, TaskOutput, TaskStarted
from devkit.report.failures import error_document, error_lines, finding_document, finding_lines
from devkit.report.live import LiveLine
from devkit.report.text import clean, plain, style, wants_color

if TYPE_CHECKING:
    from devkit.api.findings import Finding
    from devkit.errors import DevkitError
    from devkit.report.events import Event
    from devkit.report.result import Result

_KEPT_LINES = 2000
"""Lines of a task's output that are kept to be shown should it fail; earlier ones are counted."""
_OUTCOME_STYLES = {
    Outcome.DONE: "green",
    Outcome.SKIPPED: "dim",
    Outcome.FAILED: "red",
    Outcome.BLOCKED: "yellow",
    Outcome.INTERRUPTED: "yellow",
}


@dataclass(slots=True)
class Console:
    """Shows what happens on stderr and the answer on stdout, as loud as asked for."""

    verbosity: int = 0
    is_json: bool = False
    color: str = "auto"
    findings: list[Finding] = field(default_factory=list)
    _kept: dict[str, list[str]] = field(default_factory=dict)
    _dropped: dict[str, int] = field(default_factory=dict)
    _live: LiveLine = field(default_factory=LiveLine)

    def __call__(self, event: Event) -> None:
        """Show one event."""
        match event:
            case TaskOutput():
                self._keep(event)
            case TaskEnded():
                self._ended(event)
            case TaskStarted():
                self._started(event)
            case FindingRaised():
                self.findings.append(event.finding)
                if self.verbosity >= 0:
                    self._say(*finding_lines(event.finding))
            case Noted():
                self._say(clean(event.text))
            case FileChanged():
                if self.verbosity > 0:
                    self._say(f"{event.verdict:<9} {clean(event.path)}")
            case _:
                assert_never(event)

    def answer(self, result: Result) -> None:
        """Show the answer of a command."""
        if self.is_json:
            self._document(result.schema, dict(result.data), result.error)
        elif self.verbosity >= 0:
            _write(sys.stdout, self.color, *result.lines)
        if result.error is not None:
            self._say_always(*error_lines(result.error))

    def fail(self, error: DevkitError, hints: tuple[str, ...] = ()) -> None:
        """Show a failure."""
        if self.is_json:
            self._document("devkit.error/1", {}, error)
        self._say_always(*error_lines(error, hints))

    def _document(self, schema: str, data: dict[str, Any], error: DevkitError | None) -> None:
        import json

        document = {"schema": schema, **data, "findings": [finding_document(finding) for finding in self.findings]}
        document["error"] = error_document(error) if error else None
        sys.stdout.write(json.dumps(document, indent=2, default=str) + "\n")
        sys.stdout.flush()

    def _keep(self, event: TaskOutput) -> None:
        line = clean(event.line)
        if self.verbosity > 0:
            self._say(f"{style(f'{event.task} |', 'dim')} {line}")
            return
        self._live.show(line)
        kept = self._kept.setdefault(event.task, [])
        kept.append(line)
        if len(kept) > _KEPT_LINES:
            del kept[0]
            self._dropped[event.task] = self._dropped.get(event.task, 0) + 1

    def _started(self, event: TaskStarted) -> None:
        if self.verbosity > 0:
            self._say(f"{style(event.task.name, 'bold')} {style(clean(event.task.summary), 'dim')}")
        elif self.verbosity == 0:
            self._live.begin(event.task.name, clean(event.task.summary))

    def _ended(self, event: TaskEnded) -> None:
        outcome = event.outcome
        if outcome.outcome is Outcome.FAILED:
            self._show_kept(outcome.task)
        self._kept.pop(outcome.task, None)
        word = style(f"{outcome.outcome:<7}", _OUTCOME_STYLES[outcome.outcome])
        reason = f"  {style(clean(outcome.reason), 'dim')}" if outcome.reason else ""
        self._say(f"{word} {outcome.task} {style(f'{outcome.seconds:.1f} s', 'dim')}{reason}")

    def _show_kept(self, task: str) -> None:
        if dropped := self._dropped.get(task):
            self._say_always(f"({dropped} earlier lines)")
        self._say_always(*self._kept.get(task, []))

    def _say(self, *lines: str) -> None:
        if self.verbosity >= 0:
            self._say_always(*lines)

    def _say_always(self, *lines: str) -> None:
        self._live.clear()
        _write(sys.stderr, self.color, *lines)


def _write(stream: TextIO, color: str, *lines: str) -> None:
    is_colored = wants_color(color, stream)
    text = "".join(f"{line if is_colored else plain(line)}\n" for line in lines)
    encoding = stream.encoding or "utf-8"
    stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
    stream.flush()
