"""A run of tasks as an answer; what happened was shown while it happened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from devkit.api.result import Result
from devkit.api.tasks import Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from devkit.api.tasks import TaskOutcome
    from devkit.errors import DevkitError


def run_result(outcomes: Sequence[TaskOutcome], failures: Sequence[DevkitError]) -> Result:
    """Return the outcomes of a run; the first of its failures decides about the exit code."""
    tasks = [
        {
            "task": each.task,
            "outcome": str(each.outcome),
            "reason": each.reason,
            "seconds": round(each.seconds, 3),
            "figures": dict(each.figures),
        }
        for each in outcomes
    ]
    done = sum(each.outcome is Outcome.DONE for each in outcomes)
    data = {"tasks": tasks, "done": done, "total": len(outcomes)}
    lines = [] if outcomes else ["nothing to run"]
    first, *further = failures or (None,)
    return Result(
        schema="devkit.run/1", data=data, lines=lines, error=first, further=[each for each in further if each]
    )


def nothing_to_resume() -> Result:
    """Return the answer where no run was left unfinished."""
    data = {"tasks": [], "done": 0, "total": 0}
    return Result(schema="devkit.run/1", data=data, lines=["nothing to resume: the last run was not left unfinished"])
