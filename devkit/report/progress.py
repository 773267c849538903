"""What happens during a command, for people: quiet on success, the whole output of what fails."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, assert_never

from devkit.api.tasks import Outcome
from devkit.report.events import FileChanged, FindingRaised, Noted, ProgramOutput, TaskEnded, TaskOutput, TaskStarted
from devkit.report.failures import finding_lines
from devkit.report.programs import ProgramLines
from devkit.report.text import clean, style

if TYPE_CHECKING:
    from devkit.report.console import Console
    from devkit.report.events import Event

_KEPT = 4 * 1024 * 1024
"""Characters of a task's output that are kept to be shown should it fail; lines before them are counted."""
_OUTCOME_STYLES = {
    Outcome.DONE: "green",
    Outcome.SKIPPED: "dim",
    Outcome.FAILED: "red",
    Outcome.BLOCKED: "yellow",
    Outcome.INTERRUPTED: "yellow",
}


class Progress:
    """Shows events on a console; the output of the running task is kept until it is known how the task ends."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._programs = ProgramLines(console)
        self._kept: deque[str] = deque()
        self._size = 0
        self._count = 0

    def show(self, event: Event) -> None:
        """Show one event."""
        match event:
            case TaskStarted():
                self._started(event)
            case TaskOutput():
                self._printed(event)
            case TaskEnded():
                self._ended(event)
            case ProgramOutput():
                self._programs.show(event)
            case FindingRaised():
                self._console.findings.append(event.finding)
                self._console.say(*finding_lines(event.finding))
            case Noted():
                self._console.say(clean(event.text))
            case FileChanged():
                if self._console.verbosity > 0:
                    self._console.say(f"{event.verdict:<9} {clean(event.path)}")
            case _:
                assert_never(event)

    def _started(self, event: TaskStarted) -> None:
        self._kept.clear()
        self._size = self._count = 0
        summary = clean(event.task.summary)
        if self._console.verbosity > 0:
            self._console.say(f"{style(event.task.name, 'bold')} {style(summary, 'dim')}")
        elif self._console.verbosity == 0:
            self._console.live.begin(event.task.name, summary)

    def _printed(self, event: TaskOutput) -> None:
        line = clean(event.line)
        if self._console.verbosity > 0:
            self._console.say(f"{style(f'{event.task} |', 'dim')} {line}")
            return
        self._console.live.show(line)
        self._kept.append(line)
        self._count += 1
        self._size += len(line) + 1
        while self._size > _KEPT:
            self._size -= len(self._kept.popleft()) + 1

    def _ended(self, event: TaskEnded) -> None:
        outcome = event.outcome
        if outcome.outcome is Outcome.FAILED:
            dropped = self._count - len(self._kept)
            self._console.say_always(*([f"({dropped} earlier lines)"] if dropped else []), *self._kept)
        word = style(f"{outcome.outcome:<7}", _OUTCOME_STYLES[outcome.outcome])
        reason = f"  {style(clean(outcome.reason), 'dim')}" if outcome.reason else ""
        self._console.say(f"{word} {outcome.task} {style(f'{outcome.seconds:.1f} s', 'dim')}{reason}")
