"""`devkit up`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from devkit.api import CommandClass, Result, with_context

if TYPE_CHECKING:
    from devkit.api import CommandContext

_LARGEST_PORT = 65_535


@click.command(cls=CommandClass)
@click.option(
    "--port", type=click.IntRange(1, _LARGEST_PORT), help="Listen on this port, and on no other when it is taken."
)
@click.option("--reload/--no-reload", "reloads", default=True, help="Start anew at every change (the default).")
@with_context
def up(context: CommandContext, *, port: int | None, reloads: bool) -> Result:
    """Run the application on this machine until Ctrl-C, which leaves nothing behind.

    It gets the variables of `.env`; where its port is taken, the next free one is chosen.
    """
    from devkit_env.up.running import run_up

    return run_up(context, port=port, reloads=reloads)
