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
    """A task printed a line on `stdout` or `stderr`."""

    task: str
    stream: str
    line: str


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


Event = FileChanged | TaskStarted | TaskOutput | TaskEnded | ProgramOutput | FindingRaised | Noted
Listener = Callable[[Event], None]
