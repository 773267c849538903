"""`devkit run`: run local tasks with what they need."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from devkit.cli.options import Command, with_session

if TYPE_CHECKING:
    from devkit.api.result import Result
    from devkit.session.session import Session


@click.command(cls=Command, context_settings={"ignore_unknown_options": False})
@click.argument("names", nargs=-1, metavar="[STAGE|TASK]... [-- ARGUMENTS]...", type=click.UNPROCESSED)
@with_session
def command(session: Session, names: tuple[str, ...]) -> Result:
    """Run the tasks of the named stages, or single tasks, with what they need.

    Without names: env, lint, test and build, as far as the project has them. What follows `--` goes to the tool.
    """
    from devkit.cli.options import after_dashes
    from devkit.report.runs import run_result
    from devkit.session.running import run

    arguments = after_dashes()
    chosen = names[: len(names) - len(arguments)]
    done = run(session, chosen, arguments)
    return run_result(done.outcomes, done.failure)
