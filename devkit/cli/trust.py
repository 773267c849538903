"""`devkit trust`: let code of a project or template run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from devkit.cli.options import Command, with_session

if TYPE_CHECKING:
    from devkit.api.result import Result
    from devkit.session.session import Session


@click.command(cls=Command)
@click.argument("location", metavar="[PATH|URL]", required=False)
@click.option("--list", "is_list", is_flag=True, help="List what is trusted.")
@with_session
def command(session: Session, location: str | None, *, is_list: bool) -> Result:
    """Trust the code of a template, or of this project's plugin folders, exactly as it is now.

    An edit of any of its files voids the trust.
    """
    from devkit.report.trusting import grants_result
    from devkit.session.trusting import trust, trusted

    if is_list:
        return grants_result(trusted())
    return grants_result(trust(session, location), word="trusted")
