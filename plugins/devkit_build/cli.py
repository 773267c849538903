"""`devkit build`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from devkit.api import CommandClass, with_context
from devkit_build.choice import choice_from, choice_options

if TYPE_CHECKING:
    from devkit.api import CommandContext, Result


@click.command(cls=CommandClass, params=choice_options())
@click.option("--push", is_flag=True, help="Push the image to its registry, every tag of it.")
@click.option("--explain", is_flag=True, help="Say what each layer of the image costs and why it was rebuilt.")
@with_context
def build(context: CommandContext, *, push: bool, explain: bool, **values: Any) -> Result:
    """Build the container image of the project, unless it is there already.

    The result is in `.devkit/state/build/image.json`.
    """
    from devkit.api import Effect
    from devkit_build.commanding import run_build

    effects = (Effect.LOCAL, Effect.PUBLISH) if push else (Effect.LOCAL,)
    return run_build(context, choice_from(values), effects, explains=explain)
