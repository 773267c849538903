"""Which tasks a run is about: those that names mean, unless the command may not run them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from devkit.errors import USAGE, DevkitError
from devkit.plan.graph import select
from devkit.report.events import FindingRaised, Noted

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from devkit.api.tasks import Effect, Task
    from devkit.plan.plan import Plan
    from devkit.session.session import Session

DEFAULT_STAGES = ("env", "lint", "test", "build")
"""What a bare `devkit run` runs, as far as the project has them."""
_NAMED = 10
"""Tasks that a message names."""


def selected_tasks(session: Session, plan: Plan, names: Sequence[str]) -> tuple[Task, ...]:
    """Return the tasks that names mean; what is wrong with the plan is told when they mean nothing."""
    tasks = {name: planned.task for name, planned in plan.tasks.items()}
    owners = {name: planned.owner for name, planned in plan.tasks.items()}
    chosen = names or [name for name in DEFAULT_STAGES if name in plan.stages]
    if not chosen:
        session.tell(Noted(_nothing_usual(plan)))
    try:
        return select(tasks, chosen, plan.stages, owners)
    except DevkitError:
        session.require_trust()
        for finding in plan.findings:
            session.tell(FindingRaised(finding))
        raise


def _nothing_usual(plan: Plan) -> str:
    """Return what somebody can do who named nothing, in a project without the stages that are run then."""
    stages = dict.fromkeys(planned.task.stage for planned in plan.tasks.values())
    usual = ", ".join(DEFAULT_STAGES)
    advice = f"name a stage or a task: devkit run {next(iter(stages))}" if stages else "devkit add STAGE adds one"
    return f"without names, {usual} are run, and this project has none of them; {advice}"


def refuse_effects(selected: Sequence[Task], effects: Collection[Effect], command: str) -> None:
    """Raise USAGE for a task that a command does not run."""
    for task in selected:
        if task.effect not in effects:
            message = f"`{task.name}` reaches beyond this machine, and `devkit {command}` never does"
            raise DevkitError(USAGE, message, help=f"devkit {task.stage}")


def require_takers(selected: Sequence[Task]) -> None:
    """Raise USAGE where arguments would reach no task."""
    if selected and not any(task.accepts_arguments for task in selected):
        names = ", ".join(f"`{task.name}`" for task in selected[-_NAMED:])
        help_text = "leave them away, or let your own task have them: accepts-arguments = true"
        raise DevkitError(USAGE, f"none of these tasks takes arguments: {names}", help=help_text)
