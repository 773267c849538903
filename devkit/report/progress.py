"""What happens during a command, for people: quiet on success, the whole output of what fails."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from devkit.api.tasks import Outcome
from devkit.report.events import (
    FileChanged,
    FindingRaised,
    Noted,
    ProgramOutput,
    TaskEnded,
    TaskOutput,
    TaskStarted,
    Ticked,
)
from devkit.report.failures import finding_lines
from devkit.report.lastrun import duration
from devkit.report.programs import ProgramLines
from devkit.report.spool import Spool
from devkit.report.text import clean, style

if TYPE_CHECKING:
    from devkit.api.tasks import TaskOutcome
    from devkit.report.console import Console
    from devkit.report.events import Event

_OUTCOME_STYLES = {
    Outcome.DONE: "green",
    Outcome.SKIPPED: "dim",
    Outcome.FAILED: "red",
    Outcome.BLOCKED: "yellow",
    Outcome.INTERRUPTED: "yellow",
}
_UNTIMED = frozenset({Outcome.SKIPPED, Outcome.BLOCKED})
_HUES = ("cyan", "yellow", "green", "blue")


class Progress:
    """Shows events on a console; the output of a running task is kept until it is known how the task ends."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._programs = ProgramLines(console)
        self._spools: dict[str, Spool] = {}
        self._hues: dict[str, str] = {}

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
            case Ticked():
                self._console.live.draw()
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
        name, summary = event.task.name, clean(event.task.summary)
        if self._console.verbosity > 0:
            self._console.say(*([f"{self._prefix(name)}{style(summary, 'dim')}"] if summary else []))
        elif self._console.verbosity == 0:
            self._console.live.begin(name, summary)

    def _printed(self, event: TaskOutput) -> None:
        if self._console.verbosity > 0:
            prefix = self._prefix(event.task)
            self._console.say(*(f"{prefix}{clean(line)}" for line in event.text.split("\n")))
            return
        spool = self._spools.setdefault(event.task, Spool())
        spool.add(event.text)
        self._console.live.show(event.task, spool.last_line())
        self._console.live.draw()

    def _ended(self, event: TaskEnded) -> None:
        outcome = event.outcome
        self._console.live.end(outcome.task)
        spool = self._spools.pop(outcome.task, None)
        if spool is not None:
            if outcome.outcome is Outcome.FAILED:
                self._console.say_always(f"{style(outcome.task, 'bold')} printed:")
                for text in spool.texts():
                    self._console.say_always(clean(text))
            spool.close()
        self._console.say(_outcome_line(outcome))

    def _prefix(self, task: str) -> str:
        """Return what stands before each line of a task, in a colour of its own."""
        hue = self._hues.setdefault(task, _HUES[len(self._hues) % len(_HUES)])
        return style(f"{task} | ", hue)


def _outcome_line(outcome: TaskOutcome) -> str:
    word = style(f"{outcome.outcome:<7}", _OUTCOME_STYLES[outcome.outcome])
    lasting = "" if outcome.outcome in _UNTIMED else f" {style(duration(outcome.seconds), 'dim')}"
    reason = f"  {style(clean(outcome.reason), 'dim')}" if outcome.reason else ""
    return f"{word} {outcome.task}{lasting}{reason}"
