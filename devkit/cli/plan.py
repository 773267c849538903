"""`devkit plan`: what would change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from devkit.cli.options import Command, with_session

if TYPE_CHECKING:
    from devkit.api.result import Result
    from devkit.session.session import Session


@click.command(cls=Command)
@click.option("--out", metavar="FILE", help="Also save the plan, for `devkit apply FILE`.")
@with_session
def command(session: Session, out: str | None) -> Result:
    """Show what would change: every file with its verdict and diff. Nothing is written."""
    from devkit.report.plans import plan_result
    from devkit.session.looking import look, save_plan

    plan = look(session)
    if out:
        save_plan(plan, session.folder / out)
    return plan_result(plan, verbosity=session.options.verbosity)
