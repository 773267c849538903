"""The wheel at a glance, as data that can be kept; when a stage ran last is read anew for each answer."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from msgspec import Struct, to_builtins
from msgspec.structs import replace

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from devkit.ledger.lastrun import LastRun
    from devkit.ledger.lasttasks import LastTask
    from devkit.session.session import Session


class FileStatus(Struct, frozen=True, kw_only=True):
    """A file that a stage contributes to: what an apply would do with it, and why."""

    path: str
    verdict: str
    reason: str = ""


class StageStatus(Struct, frozen=True, kw_only=True):
    """One stage: the plugin it comes from, what it says of its files, its tasks, and how they went last.

    `regular` are the tasks that the name of the stage means; `paths` and `last_tasks` are there when details are
    asked for.
    """

    name: str
    summary: str
    distribution: str
    is_enabled: bool
    files: int = 0
    drift: Mapping[str, int]
    findings: int = 0
    tasks: tuple[str, ...] = ()
    regular: tuple[str, ...] = ()
    last: LastRun | None = None
    paths: tuple[FileStatus, ...] = ()
    last_tasks: tuple[LastTask, ...] = ()


class Status(Struct, frozen=True, kw_only=True):
    """The project: its template and its stages in order."""

    name: str
    template: str
    stages: tuple[StageStatus, ...]


def glance(session: Session) -> Status:
    """Return the state of every stage with its last run, from a kept answer while that holds."""
    from devkit.session.warm import warm_answer

    found = recalled(warm_answer(session, "status") or ())
    if found is not None:
        return _from_ledger(session, found, _with_last_runs)
    from devkit.session.status import status

    has_details = session.options.verbosity > 0 or session.options.is_json
    return _from_ledger(session, status(session), _with_details if has_details else _with_last_runs)


def kept(status: Status) -> list[str]:
    """Return a status as lines of a kept answer, which holds no details."""
    bare = (replace(stage, paths=(), last_tasks=()) for stage in status.stages)
    return [json.dumps(to_builtins(replace(status, stages=tuple(bare))))]


def recalled(lines: Sequence[str]) -> Status | None:
    """Return the status that lines were made of, or `None` when they say something else."""
    try:
        document = json.loads(lines[0])
        stages = tuple(_recalled_stage(**stage) for stage in document["stages"])
        return Status(name=str(document["name"]), template=str(document["template"]), stages=stages)
    except (LookupError, TypeError, AttributeError, ValueError, RecursionError):
        return None


def _recalled_stage(
    *,
    files: int,
    drift: Mapping[str, int],
    findings: int,
    tasks: Sequence[str],
    regular: Sequence[str],
    **texts: str,
) -> StageStatus:
    return StageStatus(
        name=str(texts["name"]),
        summary=str(texts["summary"]),
        distribution=str(texts["distribution"]),
        is_enabled=bool(texts["is_enabled"]),
        files=int(files),
        drift={str(verdict): int(count) for verdict, count in drift.items()},
        findings=int(findings),
        tasks=tuple(str(task) for task in tasks),
        regular=tuple(str(task) for task in regular),
    )


def _from_ledger(session: Session, status: Status, read: Callable[[Session, Status], Status]) -> Status:
    """Return a status with what is read from the ledger; one that cannot be read is told of."""
    from devkit.ledger.place import UnusableError

    try:
        return read(session, status)
    except UnusableError as problem:
        _tell(session, str(problem))
        return status


def _with_last_runs(session: Session, status: Status) -> Status:
    from devkit.ledger.reading import last_runs

    last = last_runs(session.root, {stage.name: stage.regular for stage in status.stages})
    return replace(status, stages=tuple(replace(stage, last=last.get(stage.name)) for stage in status.stages))


def _with_details(session: Session, status: Status) -> Status:
    from devkit.ledger.lasttasks import last_tasks

    status, last = _with_last_runs(session, status), last_tasks(session.root)
    stages = (
        replace(stage, last_tasks=tuple(last[name] for name in stage.tasks if name in last))
        for stage in status.stages
    )
    return replace(status, stages=tuple(stages))


def _tell(session: Session, reason: str) -> None:
    from devkit.api.findings import Finding
    from devkit.errors import LEDGER
    from devkit.report.events import FindingRaised

    finding = Finding(
        code=LEDGER.code,
        message=f"the history of runs cannot be read: {reason}",
        help="the next `devkit run` puts it right, if it can be written",
    )
    session.tell(FindingRaised(finding))
