"""`devkit doctor`: what is wrong with machine and project, and the command that mends it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from devkit.cli.options import Command, with_session

if TYPE_CHECKING:
    from devkit.api.result import Result
    from devkit.session.diagnosis import Diagnosis
    from devkit.session.session import Session


@click.command(cls=Command)
@click.option("--fix", is_flag=True, help="Mend what can be mended by changing files.")
@click.option("-n", "--dry-run", is_flag=True, help="Only show what --fix would change.")
@click.option("--check", is_flag=True, help="Only say whether --fix would change something (exit code 3).")
@with_session
def command(session: Session, *, fix: bool, dry_run: bool, check: bool) -> Result:
    """Look at machine and project: git, the tools that the stages need, configuration, plugins, records, secrets.

    Each finding comes with the command that mends it. Exits 1 when an error is left.
    """
    from devkit.session.doctor import diagnose

    if dry_run or check:
        from devkit.report.doctor import fixes_result
        from devkit.session.mending import pending_fixes

        plan, error = pending_fixes(session, is_check=check)
        return fixes_result(plan, error=error, verbosity=session.options.verbosity)
    return _answer(session, diagnose(session), is_fixing=fix)


def _answer(session: Session, found: Diagnosis, *, is_fixing: bool) -> Result:
    from devkit.report.doctor import doctor_result
    from devkit.report.events import FindingRaised
    from devkit.report.text import columns
    from devkit.session.mending import mended, unwell

    fixed: tuple[str, ...] = ()
    if is_fixing:
        found, fixed = mended(session, found)
    for finding in found.findings:
        session.tell(FindingRaised(finding))
    error = unwell(found, fixed)
    return doctor_result(found.project, found.checks, found.findings, width=columns(), fixed=fixed, error=error)
