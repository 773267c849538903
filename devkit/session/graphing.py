"""`devkit graph`: the shape of the project's lifecycle, and the failure that a cycle in it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from devkit.errors import USAGE, DevkitError
from devkit.plan.shape import cycle_in, stage_shape, task_shape
from devkit.session.looking import look

if TYPE_CHECKING:
    from collections.abc import Sequence

    from devkit.plan.shape import Shape
    from devkit.session.session import Session


def graph(session: Session, names: Sequence[str], *, of_stages: bool) -> tuple[Shape, DevkitError | None]:
    """Return the stages or the tasks (those of `names`, with what they need), and the cycle in them, if any."""
    if of_stages and names:
        raise DevkitError(USAGE, "`--stages` draws all stages, and takes no names", help="leave the names out")
    plan = look(session)
    title = session.root.name
    if of_stages:
        declared = [owned.value for owned in session.host.stages]
        return stage_shape(plan, f"{title}: stages", declared), None
    tasks = {name: planned.task for name, planned in plan.tasks.items()}
    cycle = cycle_in(tasks, {name: planned.owner for name, planned in plan.tasks.items()})
    if cycle is not None and names:
        raise cycle
    return task_shape(plan, f"{title}: tasks", names), cycle
