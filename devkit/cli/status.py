"""`devkit status`: the wheel at a glance."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import click

from devkit.cli.options import Command, with_session

if TYPE_CHECKING:
    from devkit.api.result import Result
    from devkit.session.session import Session


@click.command(cls=Command)
@with_session
def command(session: Session) -> Result:
    """Show each stage of the project: how it ran last, whether its files are as they should be, what was found.

    With -v by file and by task.
    """
    from devkit.report.text import columns
    from devkit.report.wheel import status_result
    from devkit.session.glance import glance

    found = glance(session)
    return status_result(
        found.name,
        found.template,
        found.stages,
        now=time.time(),
        width=columns(),
        verbosity=session.options.verbosity,
        has_details=session.options.is_json,
    )
