"""`devkit hooks`: the hooks of git."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from devkit.api import CommandClass, GroupClass, Result, with_context

if TYPE_CHECKING:
    from devkit.api import CommandContext


@click.group(cls=GroupClass)
def hooks() -> None:
    """Install, run and list the hooks of git."""


@hooks.command(cls=CommandClass)
@with_context
def install(context: CommandContext) -> Result:
    """Install the hooks that `.pre-commit-config.yaml` asks for.

    A hook that is there already is run before them. `core.hooksPath` is heeded when it names a folder of this
    repository; any other is never written.
    """
    from devkit_hooks.commands import install

    return install(context)


@hooks.command(cls=CommandClass)
@with_context
def uninstall(context: CommandContext) -> Result:
    """Take devkit's hooks away, and bring back what was there before."""
    from devkit_hooks.commands import uninstall

    return uninstall(context)


@hooks.command("list", cls=CommandClass)
@with_context
def list_(context: CommandContext) -> Result:
    """List what is configured, what is installed, and what runs it."""
    from devkit_hooks.commands import list_hooks

    return list_hooks(context)


@hooks.command(cls=CommandClass)
@click.argument("files", nargs=-1)
@click.option("--all-files", is_flag=True, help="Check every file that git knows.")
@click.option("--from-ref", metavar="A", help="Check what changed since A.")
@click.option("--to-ref", metavar="B", help="Check what changed from A to B, HEAD where it is left out.")
@click.option("--hook-stage", default="pre-commit", metavar="STAGE", help="The hook of git whose checks are made.")
@with_context
def run(context: CommandContext, *, files: tuple[str, ...], **options: Any) -> Result:
    """Run the hooks as git would: over what is staged, or over FILES.

    `SKIP=ID,ID` in the environment leaves hooks out.
    """
    from devkit_hooks.commands import run

    return run(context, files=files, options=options)


@hooks.group(cls=GroupClass, invoke_without_command=True)
@click.pass_context
def rescue(group: click.Context) -> None:
    """Bring back what was not staged when hooks were killed.

    While hooks run, devkit keeps it in a commit below `refs/devkit/rescue/`.
    """
    if group.invoked_subcommand is None:
        group.exit(group.invoke(bring_back))


@click.command("rescue", cls=CommandClass)
@with_context
def bring_back(context: CommandContext) -> Result:
    """Bring back what hooks that were killed have left behind."""
    from devkit_hooks.rescuing import apply

    return apply(context, "")


@rescue.command("list", cls=CommandClass)
@with_context
def list_rescues(context: CommandContext) -> Result:
    """List what is kept."""
    from devkit_hooks.rescuing import list_rescues

    return list_rescues(context)


@rescue.command(cls=CommandClass)
@click.argument("name", default="")
@with_context
def apply(context: CommandContext, *, name: str) -> Result:
    """Bring back the rescue NAME, or the last one.

    What stands there instead is kept in another.
    """
    from devkit_hooks.rescuing import apply

    return apply(context, name)


@rescue.command(cls=CommandClass)
@click.argument("names", nargs=-1)
@click.option("--all", "is_all", is_flag=True, help="Forget all of this work tree.")
@with_context
def drop(context: CommandContext, *, names: tuple[str, ...], is_all: bool) -> Result:
    """Forget the rescues NAMES."""
    from devkit_hooks.rescuing import drop

    return drop(context, names, is_all=is_all)
