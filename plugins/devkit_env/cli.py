"""`devkit env`: the project's environment and the variables in its `.env` files."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from devkit.api import USAGE, CommandClass, DevkitError, GroupClass, Result, with_context

if TYPE_CHECKING:
    from devkit.api import CommandContext

_ENVIRONMENT = click.option(
    "--env", "environment", default="", metavar="NAME", help="The file `.env.NAME` instead of `.env`."
)


@click.group(cls=GroupClass)
def env() -> None:
    """Make the environment ready, and read and change the variables in `.env`."""


@env.command(cls=CommandClass)
@with_context
def setup(context: CommandContext) -> Result:
    """Make this clone ready: dependencies, `.env`, git hooks."""
    names = ["env", *(["hooks:install"] if "hooks:install" in context.tasks else [])]
    ran = context.run_tasks(names)
    return Result(schema="devkit.env.setup/1", error=ran.error)


@env.command(cls=CommandClass)
@_ENVIRONMENT
@with_context
def check(context: CommandContext, *, environment: str) -> Result:
    """Say what is missing, unknown, badly typed or open to others.

    The exit code is 1 when something is wrong.
    """
    from devkit_env.commands import check_file

    return check_file(context, environment)


@env.command(cls=CommandClass)
@with_context
def show(context: CommandContext) -> Result:
    """Show what the environment is made of: language, interpreter, files."""
    from devkit_env.commands import show_environment

    return show_environment(context)


@env.command("list", cls=CommandClass)
@click.option("--reveal", is_flag=True, help="Show the values of secrets.")
@_ENVIRONMENT
@with_context
def list_(context: CommandContext, *, reveal: bool, environment: str) -> Result:
    """List the variables."""
    from devkit_env.commands import list_variables

    return list_variables(context, environment, reveals=reveal)


@env.command(cls=CommandClass)
@click.argument("key")
@click.option("--reveal", is_flag=True, help="Show the value of a secret.")
@_ENVIRONMENT
@with_context
def get(context: CommandContext, *, key: str, reveal: bool, environment: str) -> Result:
    """Print the value of a variable."""
    from devkit_env.commands import get_variable

    return get_variable(context, environment, key, reveals=reveal)


@env.command("set", cls=CommandClass)
@click.argument("key")
@click.argument("value", required=False)
@click.option("--stdin", "is_piped", is_flag=True, help="Read the value from standard input, as for a secret.")
@_ENVIRONMENT
@with_context
def set_(context: CommandContext, *, key: str, value: str | None, is_piped: bool, environment: str) -> Result:
    """Set a variable; comments, order and mode of the file stay.

    Without VALUE it is asked for without being shown, or read from standard input.
    """
    from devkit_env.commands import set_variable

    if is_piped and value is not None:
        raise DevkitError(USAGE, "`--stdin` and VALUE do not go together", help="leave one of them away")
    if is_piped or (value is None and not context.is_interactive):
        piped = sys.stdin.buffer.read().decode("utf-8", "surrogateescape")
        value = piped.replace("\r\n", "\n").removesuffix("\n")
    elif value is None:
        value = click.prompt(key, hide_input=True, err=True, default="", show_default=False)
    return set_variable(context, environment, key, value or "")


@env.command(cls=CommandClass)
@click.argument("key")
@_ENVIRONMENT
@with_context
def unset(context: CommandContext, *, key: str, environment: str) -> Result:
    """Take a variable away."""
    from devkit_env.commands import unset_variable

    return unset_variable(context, environment, key)


@env.command(cls=CommandClass, context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
@click.argument("argv", nargs=-1, required=True, type=click.UNPROCESSED, metavar="-- COMMAND [ARGUMENTS]...")
@_ENVIRONMENT
@with_context
def run(context: CommandContext, *, argv: tuple[str, ...], environment: str) -> Result:
    """Run a command with the variables of `.env`.

    The project's own programs are found. What the process has already wins over the file. Variables that would change
    which programs run (PATH, LD_PRELOAD, GIT_SSH_COMMAND and the like) are not taken from the file.
    """
    from devkit_env.commands import run_command

    return run_command(context, environment, argv)
