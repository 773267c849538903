"""A new project as an answer: where it is, what is in it, and what to type next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from devkit.api.result import Result
from devkit.report.invocation import called_as, shortest
from devkit.report.text import clean, style

if TYPE_CHECKING:
    from pathlib import Path

    from devkit.errors import DevkitError
    from devkit.plan.plan import Plan


def founded_result(
    plan: Plan, destination: Path, *, template: str, has_commit: bool, error: DevkitError | None
) -> Result:
    """Return the answer of `devkit init`."""
    count = len(plan.files)
    commit = ", committed" if has_commit else ""
    lines = [f"{style('made', 'green')} {clean(destination.name)} from {clean(template)}: {count} files{commit}"]
    following = next_commands(plan, destination)
    if error is None:
        lines += ["", "next:", *(f"  {command}" for command in following)]
    data = {"path": str(destination), "template": template, "committed": has_commit, "next": following}
    data["files"] = [file.path for file in plan.files]
    return Result(schema="devkit.init/1", data=data, lines=lines, error=error)


def next_commands(plan: Plan, destination: Path) -> list[str]:
    """Return the three commands that somebody with a new project types next."""
    import shlex

    place = shortest(destination)
    program = called_as(destination)
    step_in = [] if place == "." else [f"cd {shlex.quote(place)}"]
    run = [f"{program} run test"] if any(planned.task.stage == "test" for planned in plan.tasks.values()) else []
    return [*step_in, *run, f"{program} status", f"{program} plan"][:3]
