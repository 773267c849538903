"""`devkit plugin`: the plugins that are here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from devkit.cli.options import Group, with_session

if TYPE_CHECKING:
    from devkit.api.result import Result
    from devkit.session.session import Session


@click.group(cls=Group)
def command() -> None:
    """List plugins and show what each contributes."""


@command.command("list")
@with_session
def list_(session: Session) -> Result:
    """List the plugins, those that failed to load included."""
    from devkit.report.tables import records_result
    from devkit.session.plugins import plugin_records

    records = plugin_records(session)
    columns = ("name", "distribution", "version", "state", "stages")
    return records_result("devkit.plugins/1", "plugins", records, columns, "no plugins")


@command.command()
@click.argument("name")
@with_session
def info(session: Session, name: str) -> Result:
    """Show what one plugin contributes."""
    from devkit.report.tables import facts_result
    from devkit.session.plugins import plugin_record

    return facts_result("devkit.plugin/1", plugin_record(session, name))
