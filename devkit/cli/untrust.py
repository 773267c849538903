"""`devkit untrust`: take trust back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from devkit.cli.options import Command, with_session

if TYPE_CHECKING:
    from devkit.api.result import Result
    from devkit.session.session import Session


@click.command(cls=Command)
@click.argument("location", metavar="[PATH|URL]", required=False)
@with_session
def command(session: Session, location: str | None) -> Result:
    """Take back the trust in a template, or in this project's plugin folders."""
    from devkit.report.trusting import grants_result
    from devkit.session.trusting import untrust

    return grants_result(untrust(session, location), word="no longer trusted:")
