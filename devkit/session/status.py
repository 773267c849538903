"""The state of each stage as a plan has it: its files, drift and tasks."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from devkit.api.actions import Verdict
from devkit.api.findings import Finding, Severity
from devkit.plan.graph import is_meant_by_stage
from devkit.report.events import FindingRaised
from devkit.session.glance import FileStatus, StageStatus, Status
from devkit.session.looking import look

if TYPE_CHECKING:
    from devkit.plan.plan import Plan
    from devkit.session.session import Session

_DRIFTED = frozenset({Verdict.CREATE, Verdict.UPDATE, Verdict.MERGE, Verdict.REMOVE, Verdict.CONFLICT})


def status(session: Session) -> Status:
    """Return the state of every stage, enabled or available."""
    plan = look(session)
    for finding in _checks(plan):
        session.tell(FindingRaised(finding))
    return status_of(session, plan)


def status_of(session: Session, plan: Plan) -> Status:
    """Return the state of every stage as a plan has it."""
    lock = session.lock
    declared = [
        StageStatus(
            name=owned.value.name,
            summary=owned.value.summary,
            distribution=owned.plugin.distribution,
            is_enabled=owned.value.name in lock.stages,
            files=sum(owned.value.name in file.owners for file in plan.files),
            drift=_drift(plan, owned.value.name),
            findings=len(plan.stage_checks.get(owned.value.name, ())),
            tasks=_tasks(plan, owned.value.name),
            regular=_regular(plan, owned.value.name),
            paths=_paths(plan, owned.value.name),
        )
        for owned in session.host.stages
    ]
    names = {stage.name for stage in declared}
    own = [_own_stage(plan, name) for name in plan.stages if name not in names]
    template = lock.template.source if lock.template else ""
    return Status(name=session.root.name, template=template, stages=(*declared, *own))


def _own_stage(plan: Plan, name: str) -> StageStatus:
    """Return the state of a stage that no plugin declares: the one of the configuration's tasks."""
    summary, tasks = "Tasks of the project's own.", _tasks(plan, name)
    return StageStatus(
        name=name,
        summary=summary,
        distribution="",
        is_enabled=True,
        drift={},
        tasks=tasks,
        regular=_regular(plan, name),
    )


def _tasks(plan: Plan, stage: str) -> tuple[str, ...]:
    return tuple(name for name, planned in plan.tasks.items() if planned.task.stage == stage)


def _regular(plan: Plan, stage: str) -> tuple[str, ...]:
    return tuple(name for name in _tasks(plan, stage) if is_meant_by_stage(plan.tasks[name].task))


def _drift(plan: Plan, stage: str) -> dict[str, int]:
    verdicts = (str(file.verdict) for file in plan.files if stage in file.owners and file.verdict in _DRIFTED)
    return dict(Counter(verdicts))


def _paths(plan: Plan, stage: str) -> tuple[FileStatus, ...]:
    return tuple(
        FileStatus(path=file.path, verdict=str(file.verdict), reason=file.reason)
        for file in plan.files
        if stage in file.owners
    )


def _checks(plan: Plan) -> list[Finding]:
    """Return a finding for each file that the user and the generator both changed."""
    return [
        Finding(
            code="DK0503",
            severity=Severity.WARNING,
            message=f"{file.path}: {file.reason}",
            help=f"devkit plan shows it; keep yours: devkit eject {file.path}",
        )
        for file in plan.conflicts
    ]
