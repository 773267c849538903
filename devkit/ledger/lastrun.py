"""How a stage went when last it ran; apart from all other records, since a warm `devkit status` loads it."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Sequence


class Ending(StrEnum):
    """How a run, or a task of it, stands: `RUNNING` is one whose devkit is still alive."""

    RUNNING = "running"
    DONE = "done"
    SKIPPED = "skipped"
    FAILED = "failed"
    BLOCKED = "blocked"
    INTERRUPTED = "interrupted"

    @property
    def is_good(self) -> bool:
        """Whether what was to be made is there."""
        return self in {Ending.DONE, Ending.SKIPPED}


class LastRun(Struct, frozen=True, kw_only=True):
    """How the tasks of a stage went when last they were run, taken together.

    `started` is in seconds since the epoch; `reason` is that of the task which decided `ending`.
    """

    stage: str
    ending: Ending
    started: float
    seconds: float | None
    reason: str
    commit: str


_WEIGHT = (
    Ending.RUNNING,
    Ending.FAILED,
    Ending.INTERRUPTED,
    Ending.BLOCKED,
    Ending.DONE,
    Ending.SKIPPED,
)
"""Endings of single tasks, from the one that decides about the stage first."""


def taken_together(
    tasks: Sequence[tuple[Ending, float | None, float | None, str]], *, stage: str, started: float, commit: str
) -> LastRun | None:
    """Return how the tasks of a stage went in a run that began at `started`, or `None` when it had none of them.

    Of each task: how it ended, when it began (seconds after the run began), its duration, and the reason.
    """
    if not tasks:
        return None
    ending, _, _, reason = min(tasks, key=lambda task: _WEIGHT.index(task[0]))
    starts = [began for _, began, _, _ in tasks if began is not None]
    ends = [began + seconds for _, began, seconds, _ in tasks if began is not None and seconds is not None]
    return LastRun(
        stage=stage,
        ending=ending,
        started=started + min(starts, default=0.0),
        seconds=max(ends) - min(starts) if len(ends) == len(starts) > 0 and ending is not Ending.RUNNING else None,
        reason=reason,
        commit=commit,
    )
