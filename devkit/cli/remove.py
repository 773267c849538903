"""`devkit remove`: shrink a project by a stage."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from devkit.cli.changing import changing_options, manner, show
from devkit.cli.options import Command, with_session

if TYPE_CHECKING:
    from devkit.api.result import Result
    from devkit.session.session import Session


@click.command(cls=Command)
@click.argument("stages", nargs=-1, required=True, metavar="STAGE...")
@changing_options
@with_session
def command(session: Session, stages: tuple[str, ...], *, dry_run: bool, check: bool, conflict: str) -> Result:
    """Take stages out of the project: what they contributed goes, except what you changed."""
    from devkit.session.applying import apply_lock
    from devkit.session.changing import without_stages

    wanted = manner(dry_run=dry_run, check=check, conflict=conflict)
    return show(
        session,
        apply_lock(session, lambda lock: without_stages(lock, session.host, stages), wanted, command="remove"),
    )
