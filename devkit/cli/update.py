"""`devkit update`: the project moves to the installed plugins and the newest template."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from devkit.cli.changing import changing_options, manner, show
from devkit.cli.options import Command, with_session

if TYPE_CHECKING:
    from devkit.api.result import Result
    from devkit.plan.lock import Lock
    from devkit.session.session import Session


@click.command(cls=Command)
@click.option("--template", "-t", metavar="PATH|URL[@REF]", help="Take the template from there from now on.")
@click.option("--data", "-d", multiple=True, metavar="KEY=VALUE", help="A new answer; may be repeated.")
@click.option("--data-file", metavar="FILE", type=click.Path(), help="Answers from a TOML, YAML or JSON file.")
@click.option("--abort", is_flag=True, help="Take the last update back.")
@changing_options
@with_session
def command(
    session: Session,
    template: str | None,
    data: tuple[str, ...],
    data_file: str | None,
    *,
    abort: bool,
    dry_run: bool,
    check: bool,
    conflict: str,
) -> Result:
    """Move the project to the installed plugins and the newest template; your changes are merged, never lost."""
    from devkit.cli.asking import given_answers
    from devkit.session.applying import UPDATE, apply_lock
    from devkit.session.updating import abort_update, updated_lock

    if abort:
        from devkit.report.plans import recovery_result

        recovery = abort_update(session)
        return recovery_result(recovery.restored, recovery.kept)
    answers = given_answers(session.folder, data, data_file)
    wanted = manner(dry_run=dry_run, check=check, conflict=conflict, is_update=True)

    def change(lock: Lock) -> Lock:
        return updated_lock(session, lock, answers, template or "")

    return show(session, apply_lock(session, change, wanted, command=UPDATE))
