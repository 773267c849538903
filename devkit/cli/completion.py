"""`devkit completion`: the script that completes devkit's command line in a shell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from devkit.cli.completing import SHELLS
from devkit.cli.options import Command, with_session

if TYPE_CHECKING:
    from devkit.api.result import Result
    from devkit.session.session import Session


@click.command(cls=Command)
@click.argument("shell", type=click.Choice(SHELLS))
@with_session
def command(session: Session, shell: str) -> Result:  # noqa: ARG001 - every command is given its session
    """Print the completion script of SHELL.

    Load it where the shell starts: `source <(devkit completion bash)`, the same for zsh, and
    `devkit completion fish | source`.
    """
    from devkit.api.result import Result
    from devkit.cli.scripts import SCRIPTS

    script = SCRIPTS[shell]
    return Result(
        schema="devkit.completion/1", data={"shell": shell, "script": script}, lines=script.rstrip("\n").split("\n")
    )
