"""Telling of hooks that were killed: every command does, since work may be missing from the tree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from devkit.project.rescues import killed_runs
from devkit.project.root import find_root

if TYPE_CHECKING:
    from devkit.session.session import Session


def tell_of_killed_hooks(session: Session) -> None:
    """Tell when hooks were killed in the work tree that the session's folder lies in."""
    names = killed_runs(session.folder)
    if not names:
        return
    from devkit.api.findings import Finding
    from devkit.errors import HOOKS_KILLED
    from devkit.report.events import FindingRaised

    message = "git hooks were killed, and what was not staged may be missing from the work tree"
    by_git = f"git restore --source=refs/devkit/rescue/{names[-1]} --worktree :/"  # where there is no project
    help_text = by_git if find_root(session.folder) is None else "devkit hooks rescue"
    finding = Finding(code=HOOKS_KILLED.code, message=message, help=help_text)
    session.tell(FindingRaised(finding))
