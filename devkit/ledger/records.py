"""What the ledger tells: runs with their tasks, and figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, field

if TYPE_CHECKING:
    from collections.abc import Mapping

    from devkit.api.tasks import Figure
    from devkit.ledger.lastrun import Ending


class TaskSubject(Struct, frozen=True, kw_only=True):
    """A task that a run is about, and the plugin that declares it."""

    name: str
    plugin: str
    version: str

    @property
    def stage(self) -> str:
        """The stage that the task belongs to."""
        return self.name.partition(":")[0]


class TaskRecord(Struct, frozen=True, kw_only=True):
    """One task of a run; `began` is in seconds after the run began, `seconds` its duration if it is known.

    `figures` are what the task measured or made, by name.
    """

    subject: TaskSubject
    ending: Ending
    reason: str = ""
    began: float | None = None
    seconds: float | None = None
    figures: Mapping[str, Figure] = field(default_factory=dict)


class RunRecord(Struct, frozen=True, kw_only=True):
    """One run: `started` in seconds since the epoch by the clock of then, `seconds` its duration if it is known."""

    number: int
    command: str
    started: float
    ending: Ending
    commit: str
    devkit: str
    seconds: float | None = None
    tasks: tuple[TaskRecord, ...] = ()


class Figures(Struct, frozen=True, kw_only=True):
    """A stage in numbers: runs by ending, and the median duration in seconds of those that did something."""

    runs: int = 0
    done: int = 0
    failed: int = 0
    median: float | None = None
