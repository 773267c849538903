"""Reading commands: a plan without a lock, and the saving of it. Nothing in the project is written."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from devkit.api.findings import Finding
from devkit.errors import IO_FAILED, DevkitError, Place
from devkit.plan.plan import saved_digest
from devkit.project.journal import pending_recovery
from devkit.report.events import FindingRaised, Noted
from devkit.report.plans import plan_document
from devkit.session.grounds import project_ground
from devkit.session.planning import absent_plugin_findings, make_plan

if TYPE_CHECKING:
    from devkit.plan.plan import Plan
    from devkit.session.session import Session


def look(session: Session) -> Plan:
    """Return the plan of the session's project, and tell what a writing command would have to do first."""
    interrupted = pending_recovery(session.root)
    if interrupted is not None:
        session.tell(Noted(f"`devkit {interrupted}` was interrupted; the next writing command undoes it"))
    plan, _ = make_plan(project_ground(session, session.lock, is_writing=False))
    _tell_of_needed_plugins(session)
    for finding in (*absent_plugin_findings(session.lock, session.host), *plan.findings, *plan.checks):
        session.tell(FindingRaised(finding))
    return plan


def _tell_of_needed_plugins(session: Session) -> None:
    """Tell a reader, who may go on, what would stop a writer: a plugin that the project needs is not here."""
    try:
        session.configuration.check_plugins(session.host.distributions)
    except DevkitError as error:
        finding = Finding(code=error.kind.code, message=error.message, place=error.place, help=error.help)
        session.tell(FindingRaised(finding))


def save_plan(plan: Plan, target: Path) -> None:
    """Write a plan to a file that only the user can read."""
    import json

    text = json.dumps({"schema": "devkit.plan/1", **plan_document(plan)}, indent=2, default=str) + "\n"
    try:
        no_link = getattr(os, "O_NOFOLLOW", 0)
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | no_link, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            if hasattr(os, "fchmod"):
                os.fchmod(descriptor, 0o600)
            file.write(text)
    except OSError as problem:
        message = f"the plan cannot be saved: {problem.strerror}"
        raise DevkitError(IO_FAILED, message, place=Place(path=str(target)), help="name another file") from problem


def read_saved_digest(path: str) -> str:
    """Return the digest of a saved plan."""
    return saved_digest(Path(path).read_text("utf-8", "replace"), path)
