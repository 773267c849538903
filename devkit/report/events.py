"""What happens during a command, as data; consumers decide what to show of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from devkit.api.findings import Finding
    from devkit.api.tasks import Task, TaskOutcome


class FileChanged(Struct, frozen=True):
    """A file was published: its path and the verdict that led to it."""

    path: str
    verdict: str


class TaskStarted(Struct, frozen=True):
    """A task begins."""

    task: Task


class TaskOutput(Struct, frozen=True):
    """A task printed on `stdout` or `stderr`: one or more whole lines, the last one without its end.

    What was not UTF-8 stands as lone surrogates (PEP 383).
    """

    task: str
    stream: str
    text: str


class TaskEnded(Struct, frozen=True):
    """A task ended."""

    outcome: TaskOutcome


class ProgramOutput(Struct, frozen=True):
    """A program that runs beside others printed a line on `stdout` or `stderr`."""

    program: str
    stream: str
    line: str


class FindingRaised(Struct, frozen=True):
    """Something worth a warning came up."""

    finding: Finding


class Noted(Struct, frozen=True):
    """A sentence for the user about what devkit does."""

    text: str


class Ticked(Struct, frozen=True):
    """A moment passed while tasks run; for what shows how long they take."""


Event = FileChanged | TaskStarted | TaskOutput | TaskEnded | ProgramOutput | FindingRaised | Noted | Ticked
Listener = Callable[[Event], None]
