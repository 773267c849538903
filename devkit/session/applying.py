"""Making a plan true: under the writer's lock, journalled, with the conflicts left alone and named."""

from __future__ import annotations

from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from devkit.api.findings import Severity
from devkit.errors import CONFLICT, NOTHING_CHANGED, OBJECTION, PENDING, STALE_PLAN, DevkitError
from devkit.plan.baseline import Entry, write_baseline
from devkit.project.root import BASELINE_FILE
from devkit.report.events import FileChanged, FindingRaised, Noted
from devkit.report.text import counted
from devkit.session.deciding import read_disk
from devkit.session.grounds import locked_source, project_ground, refuse_absent_plugins, refuse_other_versions
from devkit.session.planning import make_plan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from devkit.plan.fileplan import FilePlan
    from devkit.plan.lock import Lock
    from devkit.plan.plan import Plan
    from devkit.project.tree import DiskTree
    from devkit.session.session import Session


UPDATE = "update"
"""The command whose changes can be taken back until the next ones are made."""


class OnConflict(StrEnum):
    """What to do with a file that the user and the generator both changed."""

    LEAVE = "leave"
    INLINE = "inline"
    REJ = "rej"


class Application(Struct, frozen=True, kw_only=True):
    """A plan and whether it was made true; `error` says why not, or what was left."""

    plan: Plan
    is_applied: bool
    error: DevkitError | None = None


class Manner(Struct, frozen=True, kw_only=True):
    """How to apply: only look (`is_dry`), only say whether something would change (`is_check`), or do it."""

    is_dry: bool = False
    is_check: bool = False
    on_conflict: OnConflict = OnConflict.LEAVE
    is_update: bool = False
    expected_digest: str = ""


def apply_lock(session: Session, change: Callable[[Lock], Lock], manner: Manner, *, command: str) -> Application:
    """Plan for the project's lock as `change` makes it, and make the plan true; `command` names it in the journal."""
    if manner.is_dry or manner.is_check:
        plan, _ = _plan(session, change, manner)
        return Application(plan=plan, is_applied=False, error=_pending(plan) if manner.is_check else None)
    with writing(session, command):
        plan, tree = _plan(session, change, manner)
        _refuse_stale(plan, manner.expected_digest)
        _refuse_objected(plan)
        plan = _with_conflicts(session.root, plan, manner.on_conflict)
        commit_plan(session, plan, command)
        if not (plan.changes or plan.conflicts or plan.findings or plan.checks):
            _keep(session, plan, tree)
    return Application(plan=plan, is_applied=True, error=_left_over(plan))


def _keep(session: Session, plan: Plan, tree: DiskTree) -> None:
    """Keep what the commands that only look would answer, unless it hangs on files that are not watched."""
    from devkit.report.plans import applied_result, plan_result
    from devkit.report.settings import settings_result
    from devkit.session.configuring import shown
    from devkit.session.glance import kept
    from devkit.session.status import status_of
    from devkit.session.warm import keep_answers

    if session.configuration.core.plugin_folders:
        return
    template = session.lock.template
    folders = [locked_source(session, template).folder] if template else []
    settings = shown(session)
    answers = {
        "apply": applied_result(plan).lines,
        "check": plan_result(plan).lines,
        "config": settings_result(settings, has_origin=False).lines,
        "config --origin": settings_result(settings, has_origin=True).lines,
        "status": kept(status_of(session, plan)),
    }
    keep_answers(session, plan, tree, answers, folders)


def _plan(session: Session, change: Callable[[Lock], Lock], manner: Manner) -> tuple[Plan, DiskTree]:
    session.require_trust()
    session.configuration.check_plugins(session.host.distributions)
    if not manner.is_update:
        refuse_other_versions(session.lock, session.host)
    try:
        lock = change(session.lock)
    except DevkitError:
        for finding in session.host.warnings:
            session.tell(FindingRaised(finding))
        raise
    refuse_absent_plugins(lock, session.host)
    plan, tree = make_plan(project_ground(session, lock, is_writing=True))
    for finding in plan.findings:
        session.tell(FindingRaised(finding))
    return plan, tree


@contextmanager
def writing(session: Session, command: str) -> Iterator[None]:
    """Hold the project's writer lock for the block, an interrupted run undone first."""
    from devkit.engine.lock import writer_lock
    from devkit.engine.transaction import recover

    with writer_lock(session.root, command=command):
        recovery = recover(session.root)
        if recovery is not None:
            session.tell(Noted(f"undid an interrupted `devkit {recovery.command}`"))
            for path in recovery.kept:
                session.tell(Noted(f"kept {path}, which was edited since"))
        yield


def commit_plan(session: Session, plan: Plan, command: str) -> None:
    """Make all changes of a plan, or none, and tell of them."""
    from devkit.engine.transaction import Change, commit_changes

    changes = [
        Change(path=file.path, before=file.before.state, content=file.content, executable=file.executable)
        for file in plan.changes
    ]
    commit_changes(session.root, changes, command=command, keeps=command == UPDATE)
    for file in plan.changes:
        session.tell(FileChanged(file.path, str(file.verdict)))


def _pending(plan: Plan) -> DevkitError | None:
    if plan.conflicts:
        return _left_over(plan)
    if not plan.changes:
        return None
    message = f"{counted(len(plan.changes), 'file')} would change"
    return DevkitError(PENDING, message, help="devkit plan shows it, devkit apply makes it so")


def _refuse_stale(plan: Plan, expected: str) -> None:
    if expected and plan.digest != expected:
        message = "the project changed since the plan was saved"
        raise DevkitError(STALE_PLAN, message, help="make a new one: devkit plan --out FILE")


def _refuse_objected(plan: Plan) -> None:
    """Raise when a plugin that reviewed the plan found an error in it."""
    for finding in plan.findings:
        if finding.severity is Severity.ERROR:
            message = f"{finding.message} ({finding.code})"
            raise DevkitError(OBJECTION, message, place=finding.place, help=finding.help)


def _left_over(plan: Plan) -> DevkitError | None:
    """Return the error that names the conflicts, its state line true to what was applied."""
    if not plan.conflicts:
        return None
    names = ", ".join(f"{file.path} ({file.reason})" for file in plan.conflicts)
    count = len(plan.changes)
    others = "1 other file was" if count == 1 else f"{count} other files were"
    state = f"{others} changed; the conflicting ones were left alone" if count else NOTHING_CHANGED
    first = plan.conflicts[0]
    is_file = first.before.state.kind == "file"
    way = "or see both: devkit apply --conflict rej" if is_file else "or move away what is there"
    help_text = f"keep yours: devkit eject {first.path}; {way}"
    return DevkitError(CONFLICT, f"changes conflict in {names}", help=help_text, state=state)


def _with_conflicts(root: Path, plan: Plan, manner: OnConflict) -> Plan:
    """Return the plan with its conflicts written as asked: as markers in the text, or beside it as `.rej`."""
    if manner is OnConflict.LEAVE or not plan.conflicts:
        return plan
    from devkit.plan.rejects import reject_path, written_conflict

    beside = read_disk(root, {reject_path(file.path) for file in plan.conflicts}, {})
    files = [
        written
        for file in plan.files
        for written in written_conflict(
            file, beside.get(reject_path(file.path), file.before), is_inline=manner is OnConflict.INLINE
        )
    ]
    entries: dict[str, Entry] = {file.path: file.entry for file in files if file.entry is not None}
    records = tuple(_with_baseline(record, entries) for record in plan.records)
    return replace(plan, files=tuple(files), records=records)


def _with_baseline(record: FilePlan, entries: dict[str, Entry]) -> FilePlan:
    if record.path != BASELINE_FILE:
        return record
    content = write_baseline(entries).encode()
    return replace(record, content=None if content == record.before.content else content)
