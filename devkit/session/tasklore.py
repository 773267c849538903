"""What is known of one task: where it comes from, what it rests on, why it would run now, and how it went last."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from msgspec import Struct

from devkit.api.tasks import RunCommand
from devkit.ledger.lastrun import Ending
from devkit.plan.graph import ordered
from devkit.plan.plan import CONFIGURATION
from devkit.report.text import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from devkit.api.tasks import Task
    from devkit.ledger.records import RunRecord, TaskRecord
    from devkit.plan.plan import Plan
    from devkit.session.session import Session

_NAMED = 10
"""Changes that the text names; with `--json` all are there."""
_PATTERNS = 6
"""Patterns of each kind that the text names."""
_LONGEST = 100
"""Characters of a command line that the text shows."""
_RUNS = 200
_IN_WORDS = {Ending.DONE: "ended well", Ending.FAILED: "failed", Ending.INTERRUPTED: "was interrupted"}


class TaskLore(Struct, frozen=True, kw_only=True):
    """Sentences about a task; whether it is up to date, `None` for one that always runs; and what changed if not."""

    title: str
    sentences: tuple[str, ...]
    is_fresh: bool | None
    changes: tuple[str, ...]


def task_lore(session: Session, plan: Plan, name: str) -> TaskLore:
    """Return what is known of a task; nothing of the project is started for it."""
    from devkit.session.upkeep import freshness

    task = plan.tasks[name].task
    changes: list[str] = []
    verdict = ["It runs whenever it is asked for, since it names no inputs."]
    if task.inputs:
        known = freshness(session, plan, may_run=False)
        changes = known.reasons(task)
        inputs, outputs = known.counts(task)
        made = f" and {counted(outputs, 'output')}" if task.outputs else ""
        verdict = [f"It is up to date: {counted(inputs, 'input')}{made} are as they were when it last ended well."]
        verdict = _why(changes) if changes else verdict
    sentences = (*_what(plan, task), *verdict, *_last(session, name))
    is_fresh = not changes if task.inputs else None
    return TaskLore(title=task.summary or "task", sentences=sentences, is_fresh=is_fresh, changes=tuple(changes))


def _what(plan: Plan, task: Task) -> list[str]:
    planned = plan.tasks[task.name]
    before = [each.name for each in ordered({name: each.task for name, each in plan.tasks.items()}, [task.name])][:-1]
    sentences = [] if planned.plugin == CONFIGURATION else [f"It is offered by plugin {planned.plugin}."]
    sentences += [f"It is configured in {planned.place}."] if planned.place else []
    sentences += [f"It runs {_words(task.action.argv)}."] if isinstance(task.action, RunCommand) else []
    sentences += [f"It runs after {', '.join(before)}."] if before else []
    sentences += [f"It reads {_patterns(task.inputs)}."] if task.inputs else []
    sentences += [f"It makes {', '.join(task.outputs)}."] if task.outputs else []
    sentences += [f"It heeds the variables {', '.join(task.variables)}."] if task.variables else []
    sentences += [f"It heeds the versions of {', '.join(task.tools)}."] if task.tools else []
    return sentences


def _words(argv: Sequence[str]) -> str:
    """Return a command line as one would type it, cut where it is long."""
    from shlex import join

    line = join(argv)
    return f"`{line if len(line) <= _LONGEST else line[:_LONGEST] + '…'}`"


def _patterns(inputs: Sequence[str]) -> str:
    """Return patterns in words, the first few of each kind."""
    wanted = [pattern for pattern in inputs if not pattern.startswith("!")]
    unwanted = [pattern[1:] for pattern in inputs if pattern.startswith("!")]
    return _some(wanted) + (f", but not {_some(unwanted)}" if unwanted else "")


def _some(names: Sequence[str]) -> str:
    more = len(names) - _PATTERNS
    return ", ".join(names[:_PATTERNS]) + (f" and {more} more" if more > 0 else "")


def _why(changes: list[str]) -> list[str]:
    if len(changes) == 1:
        return [f"It would run now: {changes[0]}."]
    more = len(changes) - _NAMED
    return [
        f"It would run now, for {len(changes)} reasons:",
        *(f"  {change}" for change in changes[:_NAMED]),
        *([f"  and {more} more"] if more > 0 else []),
    ]


def _last(session: Session, name: str) -> list[str]:
    """Return how the task went when it last did something; nothing where the history cannot be read."""
    from devkit.ledger.history import history
    from devkit.ledger.place import UnusableError

    try:
        runs = history(session.root, stage=name.partition(":")[0], limit=_RUNS)
    except UnusableError:
        return []
    found = ((run, task) for run in runs for task in run.tasks if task.subject.name == name)
    return next(([_went(run, task)] for run, task in found if task.ending in _IN_WORDS), [])


def _went(run: RunRecord, task: TaskRecord) -> str:
    from devkit.report.lastrun import ago, duration

    lasting = f" in {duration(task.seconds)}" if task.seconds is not None else ""
    reason = f": {task.reason}" if task.reason else ""
    return f"It last ran {ago(time.time() - run.started)} and {_IN_WORDS[task.ending]}{lasting}{reason}."
