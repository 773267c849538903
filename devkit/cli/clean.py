"""`devkit clean`: caches and state away."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from devkit.cli.options import Command, with_session

if TYPE_CHECKING:
    from devkit.api.result import Result
    from devkit.session.session import Session


@click.command(cls=Command)
@click.option("--all", "is_all", is_flag=True, help="Also what is remembered of runs and tests, and your own caches.")
@click.option("-n", "--dry-run", is_flag=True, help="Only show what would go.")
@with_session
def command(session: Session, *, is_all: bool, dry_run: bool) -> Result:
    """Take away what devkit makes again by itself: what tasks rested on, kept answers, what was set aside as broken.

    No file of yours is touched.
    """
    from devkit.report.cleaned import cleaned_result
    from devkit.session.cleaning import clean

    return cleaned_result(clean(session, is_all=is_all, is_dry=dry_run), is_dry=dry_run)
