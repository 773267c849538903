"""`devkit apply`: make the files so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from devkit.cli.changing import changing_options, manner, show
from devkit.cli.options import Command, warm_result, with_session

if TYPE_CHECKING:
    from devkit.api.result import Result
    from devkit.session.session import Session


@click.command(cls=Command)
@click.argument("plan", required=False, type=click.Path(exists=True, dir_okay=False))
@changing_options
@with_session
def command(session: Session, plan: str | None, *, dry_run: bool, check: bool, conflict: str) -> Result:
    """Make the files as the project's stages want them, keeping your own changes.

    With a saved PLAN, only if it still says the same. No task is run.
    """
    from devkit.session.warm import warm_answer

    if plan is None and (lines := warm_answer(session, "check" if check or dry_run else "apply")) is not None:
        return warm_result("devkit.apply/1", lines)
    from devkit.session.applying import apply_lock
    from devkit.session.looking import read_saved_digest

    expected = read_saved_digest(plan) if plan else ""
    wanted = manner(dry_run=dry_run, check=check, conflict=conflict, expected_digest=expected)
    return show(session, apply_lock(session, lambda lock: lock, wanted, command="apply"))
