"""`devkit eject`: a file or key becomes the user's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from devkit.cli.changing import manner, show
from devkit.cli.options import Command, with_session

if TYPE_CHECKING:
    from devkit.api.result import Result
    from devkit.session.session import Session


@click.command(cls=Command)
@click.argument("names", nargs=-1, metavar="PATH[#KEY]...")
@click.option("--undo", is_flag=True, help="Let devkit keep these up again.")
@click.option("--all", "everything", is_flag=True, help="Leave devkit: its records and markers go, your files stay.")
@click.option("-n", "--dry-run", is_flag=True, help="Only show what would change.")
@with_session
def command(session: Session, names: tuple[str, ...], *, undo: bool, everything: bool, dry_run: bool) -> Result:
    """Take files or single keys over: devkit leaves them alone from now on."""
    from devkit.session.applying import apply_lock
    from devkit.session.changing import with_ejected, without_ejected

    if everything == bool(names):
        raise click.UsageError("name the files to eject, or use --all")
    if everything:
        from devkit.session.leaving import leave

        return show(session, leave(session, is_dry=dry_run))

    wanted = manner(dry_run=dry_run, check=False, conflict="leave")
    if undo:
        return show(session, apply_lock(session, lambda lock: without_ejected(lock, names), wanted, command="eject"))
    change = lambda lock: with_ejected(lock, session.baseline, names)  # noqa: E731 - used once, below
    return show(session, apply_lock(session, change, wanted, command="eject"))
