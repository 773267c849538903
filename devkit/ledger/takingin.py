"""Runs with nothing to do, as the ledger writes and tells of them: see `devkit.ledger.idleruns`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from devkit.ledger import statements
from devkit.ledger.idleruns import idle_runs
from devkit.ledger.lastrun import Ending, taken_together
from devkit.ledger.records import RunRecord, TaskRecord, TaskSubject

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from devkit.ledger.idleruns import IdleRun
    from devkit.ledger.lastrun import LastRun
    from devkit.ledger.store import Value


def idle_records(root: Path, newest: int, stage: str = "") -> list[RunRecord]:
    """Return the noted runs, the last one first, numbered after `newest`; with `stage`, those with tasks of it."""
    found = [_record(run, newest + at, stage) for at, run in enumerate(idle_runs(os.fspath(root)), start=1)]
    return [record for record in reversed(found) if record.tasks]


def last_idle(noted: Sequence[IdleRun], stage: str) -> LastRun | None:
    """Return the last of some noted runs that has tasks of a stage, if there is one."""
    record = next((found for run in reversed(noted) if (found := _record(run, 0, stage)).tasks), None)
    if record is None:
        return None
    tasks = [(Ending.SKIPPED, 0.0, 0.0, task.reason) for task in record.tasks]
    return taken_together(tasks, stage=stage, started=record.started, commit=record.commit)


def writings(run: IdleRun) -> Iterator[tuple[str, Mapping[str, Value]]]:
    """Yield what writes a noted run into the ledger; saying it twice changes nothing."""
    mark: dict[str, Value] = {"mark": f"idle-{run.started!r}"}
    texts = {"command": run.command, "head": run.commit, "devkit": run.devkit}
    yield statements.BEGIN_RUN, {**mark, **texts, "started": run.started, "ending": Ending.SKIPPED}
    for task in _record(run, 0, "").tasks:
        subject = task.subject
        about = {"name": subject.name, "stage": subject.stage, "plugin": subject.plugin, "version": subject.version}
        values: dict[str, Value] = {"began": 0.0, "seconds": 0.0, "ending": Ending.SKIPPED}
        said: dict[str, Value] = {"reason": task.reason, "figures": "{}"}
        yield statements.PUT_TASK, {**mark, **about, **values, **said}
    yield statements.END_RUN, {**mark, "seconds": 0.0, "ending": Ending.SKIPPED}


def _record(run: IdleRun, number: int, stage: str) -> RunRecord:
    subjects = [(TaskSubject(name=task[0], plugin=task[2], version=task[3]), task[1]) for task in run.tasks]
    tasks = [
        TaskRecord(subject=subject, ending=Ending.SKIPPED, reason=reason, began=0.0, seconds=0.0)
        for subject, reason in subjects
        if stage in {"", subject.stage}
    ]
    return RunRecord(
        number=number,
        command=run.command,
        started=run.started,
        ending=Ending.SKIPPED,
        commit=run.commit,
        devkit=run.devkit,
        seconds=0.0,
        tasks=tuple(tasks),
    )
