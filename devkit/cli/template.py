"""`devkit template`: what a new project can start from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from devkit.cli.options import Group, with_session

if TYPE_CHECKING:
    from devkit.api.result import Result
    from devkit.session.session import Session


@click.group(cls=Group)
def command() -> None:
    """List and show project templates."""


@command.command("list")
@with_session
def list_(session: Session) -> Result:
    """List the templates that plugins offer."""
    from devkit.report.tables import records_result
    from devkit.session.grounds import known_templates

    known = known_templates(session.outside_host)
    records = [{"name": each.name, "summary": each.summary, "path": str(each.folder)} for each in known.values()]
    return records_result("devkit.templates/1", "templates", records, ("name", "summary"), "no templates")


@command.command()
@click.argument("name", metavar="NAME|PATH|URL")
@with_session
def show(session: Session, name: str) -> Result:
    """Show what a template asks, and what of it would run code."""
    from devkit.report.templates import template_result
    from devkit.session.grounds import open_source

    return template_result(open_source(session, name, session.outside_host, base=session.folder))
