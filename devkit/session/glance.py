"""The wheel at a glance, as data that can be kept; when a stage ran last is read anew for each answer."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from devkit.ledger.lastrun import LastRun
    from devkit.session.session import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class StageStatus:
    """One stage: the plugin it comes from, what it says of its files, its tasks, and how they went last."""

    name: str
    summary: str
    distribution: str
    is_enabled: bool
    files: int = 0
    drift: Mapping[str, int]
    tasks: tuple[str, ...] = ()
    last: LastRun | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """The project: its template and its stages in order."""

    name: str
    template: str
    stages: tuple[StageStatus, ...]


def glance(session: Session) -> Status:
    """Return the state of every stage with its last run, from a kept answer while that holds."""
    from devkit.session.warm import warm_answer

    found = recalled(warm_answer(session, "status") or ())
    if found is None:
        from devkit.session.status import status

        found = status(session)
    return _with_last_runs(session, found)


def kept(status: Status) -> list[str]:
    """Return a status as lines of a kept answer."""
    return [json.dumps(asdict(status))]


def recalled(lines: Sequence[str]) -> Status | None:
    """Return the status that lines were made of, or `None` when they say something else."""
    try:
        document = json.loads(lines[0])
        stages = tuple(_recalled_stage(**stage) for stage in document["stages"])
        return Status(name=str(document["name"]), template=str(document["template"]), stages=stages)
    except (LookupError, TypeError, AttributeError, ValueError, RecursionError):
        return None


def _recalled_stage(*, files: int, drift: Mapping[str, int], tasks: Sequence[str], **texts: str) -> StageStatus:
    return StageStatus(
        name=str(texts["name"]),
        summary=str(texts["summary"]),
        distribution=str(texts["distribution"]),
        is_enabled=bool(texts["is_enabled"]),
        files=int(files),
        drift={str(verdict): int(count) for verdict, count in drift.items()},
        tasks=tuple(str(task) for task in tasks),
    )


def _with_last_runs(session: Session, status: Status) -> Status:
    from devkit.ledger.place import UnusableError
    from devkit.ledger.reading import last_runs

    try:
        last = last_runs(session.root, [stage.name for stage in status.stages])
    except UnusableError as problem:
        _tell(session, str(problem))
        return status
    return replace(status, stages=tuple(replace(stage, last=last.get(stage.name)) for stage in status.stages))


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
