"""The part of a run that changed files touch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from devkit.plan.affected import affected
from devkit.plan.graph import ordered
from devkit.report.events import Noted
from devkit.report.text import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from devkit.api.tasks import Task
    from devkit.plan.plan import Plan
    from devkit.session.session import Session


def narrowed(session: Session, plan: Plan, selected: Sequence[Task], base: str) -> tuple[Task, ...]:
    """Return those of the selected tasks that read what changed since `base`, what depends on them, and their needs.

    An empty `base` is the usual one; NO_BASE where there is none.
    """
    from devkit.engine.gitchanges import changed_since

    name, paths = changed_since(session.root, base)
    touched = affected(selected, paths)
    files = f"{counted(len(paths), 'file')} changed since {name}"
    session.tell(Noted(f"{files}; affected: {', '.join(touched) or 'nothing'}"))
    return ordered({each: other.task for each, other in plan.tasks.items()}, touched)
