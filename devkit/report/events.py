"""What happens during a command, as data; consumers decide what to show of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from devkit.api.findings import Finding
    from devkit.api.tasks import Task, TaskOutcome


@dataclass(frozen=True, slots=True)
class FileChanged:
    """A file was published: its path and the verdict that led to it."""

    path: str
    verdict: str


@dataclass(frozen=True, slots=True)
class TaskStarted:
    """A task begins."""

    task: Task


@dataclass(frozen=True, slots=True)
class TaskOutput:
    """A task printed on `stdout` or `stderr`: one or more whole lines, the last one without its end.

    What was not UTF-8 stands as lone surrogates (PEP 383).
    """

    task: str
    stream: str
    text: str


@dataclass(frozen=True, slots=True)
class TaskEnded:
    """A task ended."""

    outcome: TaskOutcome


@dataclass(frozen=True, slots=True)
class ProgramOutput:
    """A program that runs beside others printed a line on `stdout` or `stderr`."""

    program: str
    stream: str
    line: str


@dataclass(frozen=True, slots=True)
class FindingRaised:
    """Something worth a warning came up."""

    finding: Finding


@dataclass(frozen=True, slots=True)
class Noted:
    """A sentence for the user about what devkit does."""

    text: str


@dataclass(frozen=True, slots=True)
class Ticked:
    """A moment passed while tasks run; for what shows how long they take."""


Event = FileChanged | TaskStarted | TaskOutput | TaskEnded | ProgramOutput | FindingRaised | Noted | Ticked
Listener = Callable[[Event], None]
