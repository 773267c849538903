"""The env plugin: the project's dependencies, in an environment of their own, and its `.env`, as data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from devkit.api import NPM, PYTHON, Block, Call, Command, Moment, Published, Settings, Stage, Task, hookimpl
from devkit_env.settings import EnvSettings
from devkit_env.variables import EXAMPLE, example_block

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from devkit.api import Context, FileAction, Value

_OTHER_LOCKS = ("pnpm-lock.yaml", "yarn.lock", "bun.lock", "bun.lockb")
"""The lock files of the package managers that npm would only be in the way of."""


@hookimpl
def devkit_stages() -> Iterable[Stage]:
    """The stage that makes a machine ready."""
    return [Stage(name="env", summary="Make the machine ready: dependencies and `.env`.", after=("scaffold",))]


@hookimpl
def devkit_settings() -> Iterable[Settings]:
    """The table of this stage."""
    return [Settings(table="env", type=EnvSettings)]


@hookimpl
def devkit_commands() -> Iterable[Command]:
    """The commands of this stage."""
    return [
        Command(name="env", summary="Make the machine ready; read and change `.env`.", target="devkit_env.cli:env")
    ]


@hookimpl
def devkit_publish(context: Context) -> Iterable[Published[Any]]:
    """What runs the project's own code: the interpreter of its environment, or npm."""
    if _is_python(context):
        yield Published(PYTHON, ".venv/bin/python")
    elif _uses_npm(context):
        yield Published(NPM, "npm")


@hookimpl
def devkit_files(context: Context) -> Iterable[FileAction]:
    """What this stage makes is not committed."""
    folders = {"python": ".venv/\n", "node": "node_modules/\n"}
    if variables := example_block(context, context.settings(EnvSettings).variables):
        yield Block(path=EXAMPLE, name="env", text=variables)
    yield Block(path=".gitignore", name="env", text=f".env\n{folders.get(_language(context), '')}")


@hookimpl
def devkit_tasks(context: Context) -> Iterable[Task]:
    """Lock file, dependencies and `.env`."""
    if context.tree.exists(EXAMPLE):
        yield Task(
            name="env:dotenv",
            summary="Make `.env` from `.env.example`.",
            action=Call(function="devkit_env.dotenv:complete"),
            inputs=(EXAMPLE,),
            moment=Moment.SETUP,
        )
    if _is_python(context):
        yield from _python_tasks(context.settings(EnvSettings))
    if _uses_npm(context):
        yield from _node_tasks()


def _python_tasks(settings: EnvSettings) -> Iterator[Task]:
    arguments: dict[str, Value] = {"installer": str(settings.installer), "groups": list(settings.groups)}
    yield Task(
        name="env:lock",
        summary="Lock the dependencies to exact versions.",
        action=Call(function="devkit_env.python:lock", arguments=arguments),
        inputs=("pyproject.toml",),
        moment=Moment.LOCK,
    )
    yield Task(
        name="env:install",
        summary="Install the dependencies into `.venv`.",
        action=Call(function="devkit_env.python:install", arguments=arguments),
        needs=("env:lock",),
        inputs=("pyproject.toml", "uv.lock", "requirements.lock"),
        moment=Moment.SETUP,
    )


def _node_tasks() -> Iterator[Task]:
    yield Task(
        name="env:lock",
        summary="Lock the dependencies to exact versions.",
        action=Call(function="devkit_env.node:lock"),
        inputs=("package.json",),
        moment=Moment.LOCK,
    )
    yield Task(
        name="env:install",
        summary="Install the dependencies into `node_modules`.",
        action=Call(function="devkit_env.node:install"),
        needs=("env:lock",),
        inputs=("package.json", "package-lock.json", "npm-shrinkwrap.json"),
        tools=("node",),
        moment=Moment.SETUP,
    )


def _is_python(context: Context) -> bool:
    return _language(context) == "python"


def _uses_npm(context: Context) -> bool:
    """Whether this is a Node project that no other package manager has locked."""
    return _language(context) == "node" and not any(context.tree.exists(name) for name in _OTHER_LOCKS)


def _language(context: Context) -> str:
    language = context.facts.get("language")
    return "" if language is None else str(language.value)
