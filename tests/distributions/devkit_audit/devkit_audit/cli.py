"""`devkit audit`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from devkit.api import CommandClass, Result, with_context

if TYPE_CHECKING:
    from devkit.api import CommandContext


@click.command(cls=CommandClass)
@with_context
def audit(context: CommandContext) -> Result:
    """Check licences now."""
    return Result(
        schema="acme.audit/1",
        data={"project": context.root.name, "allowed": True},
        lines=["all licences are allowed"],
    )
