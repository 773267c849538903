"""`devkit schema`: the configuration's JSON Schema."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from devkit.cli.options import Command, with_session

if TYPE_CHECKING:
    from devkit.api.result import Result
    from devkit.session.session import Session


@click.command(cls=Command)
@with_session
def command(session: Session) -> Result:
    """Print the JSON Schema of `[tool.devkit]`, with the tables of all plugins."""
    import json

    from devkit.api.result import Result
    from devkit.config.schema import json_schema

    schema = json_schema([owned.value for owned in session.any_host.settings()])
    return Result(
        schema="devkit.schema/1", data={"json_schema": schema}, lines=json.dumps(schema, indent=2).split("\n")
    )
