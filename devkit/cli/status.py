"""`devkit status`: the wheel at a glance."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from devkit.cli.options import Command, warm_result, with_session

if TYPE_CHECKING:
    from devkit.report.result import Result
    from devkit.session.session import Session


@click.command(cls=Command)
@with_session
def command(session: Session) -> Result:
    """Show each stage of the project: whether its files are as they should be, and its tasks."""
    from devkit.session.warm import warm_answer

    if (lines := warm_answer(session, "status")) is not None:
        return warm_result("devkit.status/1", lines)
    from devkit.report.wheel import status_result
    from devkit.session.status import status

    found = status(session)
    return status_result(found.name, found.template, found.stages)
