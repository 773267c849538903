"""What the ledger tells: runs, tasks, the last run of each stage, and figures."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Ending(StrEnum):
    """How a run, or a task of it, stands: `RUNNING` is one whose devkit is still alive."""

    RUNNING = "running"
    DONE = "done"
    SKIPPED = "skipped"
    FAILED = "failed"
    BLOCKED = "blocked"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskSubject:
    """A task that a run is about, and the plugin that declares it."""

    name: str
    plugin: str
    version: str

    @property
    def stage(self) -> str:
        """The stage that the task belongs to."""
        return self.name.partition(":")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRecord:
    """One task of a run; `began` is in seconds after the run began, `seconds` its duration if it is known."""

    subject: TaskSubject
    ending: Ending
    reason: str = ""
    began: float | None = None
    seconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """One run: `started` in seconds since the epoch by the clock of then, `seconds` its duration if it is known."""

    number: int
    command: str
    started: float
    ending: Ending
    commit: str
    devkit: str
    seconds: float | None = None
    tasks: tuple[TaskRecord, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LastRun:
    """How the tasks of a stage went when last they were run, taken together.

    `started` is in seconds since the epoch; `reason` is that of the task which decided `ending`.
    """

    stage: str
    ending: Ending
    started: float
    seconds: float | None
    reason: str
    commit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """A stage in numbers: runs by ending, and the median duration in seconds of those that did something."""

    runs: int = 0
    done: int = 0
    failed: int = 0
    median: float | None = None


_WEIGHT = (
    Ending.RUNNING,
    Ending.FAILED,
    Ending.INTERRUPTED,
    Ending.BLOCKED,
    Ending.DONE,
    Ending.SKIPPED,
)
"""Endings of single tasks, from the one that decides about the stage first."""


def stage_run(run: RunRecord, stage: str) -> LastRun | None:
    """Return how the tasks of a stage went in a run, or `None` when it had none of them."""
    tasks = [task for task in run.tasks if task.subject.stage == stage]
    if not tasks:
        return None
    decisive = min(tasks, key=lambda task: _WEIGHT.index(task.ending))
    starts = [task.began for task in tasks if task.began is not None]
    ends = [task.began + task.seconds for task in tasks if task.began is not None and task.seconds is not None]
    return LastRun(
        stage=stage,
        ending=decisive.ending,
        started=run.started + min(starts, default=0.0),
        seconds=max(ends) - min(starts) if ends and decisive.ending is not Ending.RUNNING else None,
        reason=decisive.reason,
        commit=run.commit,
    )
