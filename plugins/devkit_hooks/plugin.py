"""The hooks plugin: the configuration of pre-commit and prek as data, and the hooks of git that run it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from devkit.api import Block, Call, Command, KeyedList, Merge, Moment, SetList, Settings, Stage, Task, hookimpl
from devkit_hooks.config import CONFIG, HEADER, config_data
from devkit_hooks.requirements import needed
from devkit_hooks.settings import HooksSettings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from devkit.api import Context, FileAction


@hookimpl
def devkit_stages() -> Iterable[Stage]:
    """The stage that keeps commits clean."""
    return [Stage(name="hooks", summary="Check what is committed, with git hooks.", after=("env",))]


@hookimpl
def devkit_settings() -> Iterable[Settings]:
    """The table of this stage."""
    return [Settings(table="hooks", type=HooksSettings)]


@hookimpl
def devkit_commands() -> Iterable[Command]:
    """The commands of this stage."""
    return [Command(name="hooks", summary="Install, run and list git hooks.", target="devkit_hooks.cli:hooks")]


@hookimpl
def devkit_files(context: Context) -> Iterable[FileAction]:
    """The configuration of the hooks, and what runs them in the project's own environment."""
    yield Block(path=CONFIG, name="hooks", text=HEADER, top=True)
    yield Merge(
        path=CONFIG,
        data=config_data(context),
        lists={
            "repos": KeyedList("repo"),
            "repos.hooks": KeyedList("id"),
            "default_install_hook_types": SetList(),
        },
    )
    yield from needed(context)


@hookimpl
def devkit_tasks(context: Context) -> Iterable[Task]:  # noqa: ARG001 - the same for every project
    """The hooks of git, made to run what is configured."""
    yield Task(
        name="hooks:install",
        summary="Install the git hooks of this clone.",
        action=Call(function="devkit_hooks.installing:install_quietly"),
        needs=("env:install?",),
        moment=Moment.SETUP,
    )
