"""`devkit doctor --fix`: the file actions of findings made true, journalled as every change of files is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from devkit.api.actions import Render, Write
from devkit.api.findings import Severity
from devkit.errors import NOTHING_CHANGED, PENDING, UNWELL, DevkitError
from devkit.plan.decide import decide
from devkit.plan.desired import Contribution, desired_files
from devkit.plan.plan import Plan
from devkit.project.journal import pending_recovery
from devkit.report.events import Noted
from devkit.report.text import counted
from devkit.session.applying import commit_plan, writing
from devkit.session.deciding import read_disk
from devkit.session.doctor import diagnose
from devkit.session.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from devkit.api.actions import FileAction
    from devkit.api.findings import Finding
    from devkit.session.diagnosis import Diagnosis

_COMMAND = "doctor --fix"
_STAGE = "doctor"


def pending_fixes(session: Session, *, is_check: bool) -> tuple[Plan, DevkitError | None]:
    """Return what the fixes of all findings would change, and with `is_check` the error that they are pending."""
    interrupted = pending_recovery(session.root)
    if interrupted is not None:
        session.tell(Noted(f"`devkit {interrupted}` was interrupted, and would be undone first"))
    plan = _plan(session, diagnose(session).findings)
    if not (is_check and plan.changes):
        return plan, None
    message = f"{counted(len(plan.changes), 'file')} would change"
    return plan, DevkitError(PENDING, message, help="devkit doctor --fix makes it so")


def mended(session: Session, found: Diagnosis) -> tuple[Diagnosis, tuple[str, ...]]:
    """Make the fixes true, an interrupted run undone first; return how things are then, and the files changed."""
    if not found.project or not found.findings:
        return found, ()
    with writing(session, _COMMAND):
        plan = _plan(session, found.findings)
        commit_plan(session, plan, _COMMAND)
    again = Session(session.options, session.tell)  # nothing that was read before is true for certain
    return diagnose(again), tuple(file.path for file in plan.changes)


def unwell(found: Diagnosis, fixed: Sequence[str]) -> DevkitError | None:
    """Return the error that errors are left."""
    count = found.count(Severity.ERROR)
    if not count:
        return None
    words = "1 error is" if count == 1 else f"{count} errors are"
    state = f"{counted(len(fixed), 'file')} changed" if fixed else NOTHING_CHANGED
    return DevkitError(
        UNWELL, f"{words} left", help="each is named above, with the command that mends it", state=state
    )


def _plan(session: Session, findings: Iterable[Finding]) -> Plan:
    """Return what fixes would change; the files are the user's, so that no stage takes the change back."""
    desired = desired_files(_contributions(findings))
    disk = read_disk(session.root, desired, {}) if desired else {}
    files = tuple(decide(wanted, None, disk[path]) for path, wanted in desired.items())
    return Plan(files=files, records=(), tasks={}, stages=())


def _contributions(findings: Iterable[Finding]) -> Iterator[Contribution]:
    seen: list[FileAction] = []
    for finding in findings:
        for action in finding.fix:
            if action not in seen:
                seen.append(action)
                yield Contribution(stage=_STAGE, plugin=f"the fix of {finding.code}", action=_rendered(action))


def _rendered(action: FileAction) -> FileAction:
    if not isinstance(action, Render):
        return action
    from devkit.render.resource import render_resource

    return Write(path=action.path, text=render_resource(action), executable=action.executable, stage=action.stage)
