"""`devkit up`, `devkit down` and `devkit logs`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from devkit.api import CommandClass, Result, with_context
from devkit_env.ports import LARGEST_PORT

if TYPE_CHECKING:
    from devkit.api import CommandContext


@click.command(cls=CommandClass)
@click.option(
    "--port", type=click.IntRange(1, LARGEST_PORT), help="Listen on this port, and on no other when it is taken."
)
@click.option("--reload/--no-reload", "reloads", default=True, help="Start anew at every change (the default).")
@click.option("-d", "--detach", is_flag=True, help="Start the services alone, and leave them running.")
@with_context
def up(context: CommandContext, *, port: int | None, reloads: bool, detach: bool) -> Result:
    """Run the application with its services on this machine until Ctrl-C, which leaves nothing behind.

    The services are started and waited for, the database is brought up to date. Where a port is taken, the next free
    one is chosen. The application gets the variables of `.env`.
    """
    from devkit_env.up.running import run_up, start_detached

    return start_detached(context) if detach else run_up(context, port=port, reloads=reloads)


@click.command(cls=CommandClass)
@click.option("--volumes", "with_volumes", is_flag=True, help="Remove the data as well.")
@with_context
def down(context: CommandContext, *, with_volumes: bool) -> Result:
    """Stop the services and remove their containers; the data stay."""
    from devkit_env.up.commands import take_down

    return take_down(context, with_volumes=with_volumes)


@click.command(cls=CommandClass)
@click.argument("services", nargs=-1, metavar="[SERVICE]...")
@click.option("-f", "--follow", "follows", is_flag=True, help="Go on with what comes, until Ctrl-C.")
@click.option("--tail", default="all", metavar="LINES", help="Begin with the last lines, so many.")
@with_context
def logs(context: CommandContext, *, services: tuple[str, ...], follows: bool, tail: str) -> Result:
    """Show what the services print."""
    from devkit_env.up.commands import show_logs

    return show_logs(context, services, follows=follows, tail=tail)
