"""The env plugin: the project's dependencies, in an environment of their own, and its `.env`, as data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from devkit.api import (
    NEIGHBOURS,
    NPM,
    PYTHON,
    SERVICES,
    VARIABLES,
    Block,
    Call,
    Command,
    Moment,
    Published,
    Settings,
    Stage,
    Task,
    Tool,
    compose_file,
    fact_text,
    hookimpl,
)
from devkit_env.installed import in_modules, in_venv, present
from devkit_env.managers import (
    INSTALLED,
    MANAGERS,
    NODE_LOCKS,
    PYTHON_LOCKS,
    node_manager,
    python_manager,
)
from devkit_env.mirrors import index_variables
from devkit_env.requirements import requirement_files
from devkit_env.settings import EnvSettings, Installer
from devkit_env.toolchain import tools
from devkit_env.up.services import chosen, compose_part, driver, neighbours, variables
from devkit_env.up.state import FILE as SERVICES_FILE
from devkit_env.up.tasks import service_tasks
from devkit_env.variables import EXAMPLE, example_block

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from devkit.api import Context, FileAction, Value


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
        Command(name="env", summary="Make the machine ready; read and change `.env`.", target="devkit_env.cli:env"),
        Command(
            name="up", summary="Run the application and its services, with reload.", target="devkit_env.up.cli:up"
        ),
        Command(name="down", summary="Stop the services.", target="devkit_env.up.cli:down"),
        Command(name="logs", summary="Show what the services print.", target="devkit_env.up.cli:logs"),
    ]


@hookimpl
def devkit_publish(context: Context) -> Iterable[Published[Any]]:
    """What runs the project's own code: the interpreter of its environment, or npm."""
    if _is_python(context):
        yield Published(PYTHON, ".venv/bin/python")
    elif (manager := _node_manager(context)) is not None:
        yield Published(NPM, MANAGERS[manager].name if manager else "npm")
    services = chosen(context.settings(EnvSettings).services)
    if services:
        yield Published(SERVICES, SERVICES_FILE)
        yield from (Published(VARIABLES, each) for each in variables(services))
        yield from (Published(NEIGHBOURS, each) for each in neighbours(services))


@hookimpl
def devkit_files(context: Context) -> Iterable[FileAction]:
    """What the services and editors need; what is made here is not committed."""
    from devkit_env.editors import editor_files

    settings = context.settings(EnvSettings)
    if settings.services:
        yield compose_part(compose_file(context.tree.exists), settings, context.mirrors)
        if _is_python(context) and (wanted := driver(settings, context.tree.read_text("pyproject.toml") or "")):
            yield wanted
    folders = {"python": ".venv/\n", "node": "node_modules/\n"}
    if declared := example_block(context, settings.variables):
        yield Block(path=EXAMPLE, name="env", text=declared)
    yield from editor_files(context)
    ignored = folders.get(fact_text(context, "language"), "")
    yield Block(path=".gitignore", name="env", text=f".env\n{ignored}")


@hookimpl
def devkit_tasks(context: Context) -> Iterable[Task]:
    """Lock file, dependencies and `.env`; services and their data."""
    settings = context.settings(EnvSettings)
    yield from service_tasks(context, settings)
    if settings.services or context.tree.exists(EXAMPLE):
        yield Task(
            name="env:dotenv",
            summary="Make `.env` from `.env.example`.",
            action=Call(function="devkit_env.dotenv:complete", arguments={"services": list(settings.services)}),
            inputs=(EXAMPLE,),
            outputs=(".env",),
            moment=Moment.SETUP,
        )
    mirrors = index_variables(context.mirrors)
    manager = python_manager(context.tree) if _is_python(context) else _node_manager(context)
    if manager:
        yield from _managed_tasks(manager, mirrors, present(context.tree, MANAGERS[manager].installed))
    elif _is_python(context) and (files := requirement_files(context.tree)):
        yield _requirements_task(settings, files, mirrors)
    elif _is_python(context):
        yield from _python_tasks(settings, mirrors, _lock(context, PYTHON_LOCKS), in_venv(context.tree))
    elif manager is not None:
        yield from _node_tasks(mirrors, _lock(context, NODE_LOCKS), in_modules(context.tree))


@hookimpl
def devkit_tools(context: Context) -> Iterable[Tool]:
    """The interpreters and package managers that the project's own files ask for."""
    manager = python_manager(context.tree) if _is_python(context) else _node_manager(context)
    uses_uv = context.settings(EnvSettings).installer is Installer.UV or context.tree.exists("uv.lock")
    return tools(
        context.tree,
        MANAGERS[manager] if manager else None,
        uses_uv=_is_python(context) and uses_uv,
        uses_npm=not _is_python(context) and manager == "",
    )


def _managed_tasks(name: str, mirrors: Mapping[str, str], installed: tuple[str, ...]) -> Iterator[Task]:
    manager, arguments = MANAGERS[name], {"manager": name}
    yield Task(
        name="env:lock",
        summary="Lock the dependencies to exact versions.",
        action=Call(function="devkit_env.managing:lock", arguments=arguments, fallback_env=mirrors),
        inputs=(manager.manifest,),
        outputs=(manager.lock_file,),
        tools=(manager.name,),
        moment=Moment.LOCK,
    )
    yield Task(
        name="env:install",
        summary=f"Install the dependencies into `{manager.folder}`.",
        action=Call(function="devkit_env.managing:install", arguments=arguments, fallback_env=mirrors),
        needs=("env:lock",),
        inputs=(manager.manifest, manager.lock_file) if installed else (),
        outputs=installed,
        tools=(manager.name,),
        moment=Moment.SETUP,
    )


def _python_tasks(
    settings: EnvSettings, mirrors: Mapping[str, str], locks: tuple[str, ...], installed: tuple[str, ...]
) -> Iterator[Task]:
    arguments: dict[str, Value] = {"installer": str(settings.installer), "groups": list(settings.groups)}
    yield Task(
        name="env:lock",
        summary="Lock the dependencies to exact versions.",
        action=Call(function="devkit_env.python:lock", arguments=arguments, fallback_env=mirrors),
        inputs=("pyproject.toml",),
        outputs=locks,
        moment=Moment.LOCK,
    )
    yield Task(
        name="env:install",
        summary="Install the dependencies into `.venv`.",
        action=Call(function="devkit_env.python:install", arguments=arguments, fallback_env=mirrors),
        needs=("env:lock",),
        inputs=("pyproject.toml", *PYTHON_LOCKS),
        outputs=installed,
        moment=Moment.SETUP,
    )


def _requirements_task(settings: EnvSettings, files: Sequence[str], mirrors: Mapping[str, str]) -> Task:
    arguments: dict[str, Value] = {"installer": str(settings.installer), "files": list(files)}
    return Task(
        name="env:install",
        summary="Install the dependencies into `.venv`.",
        action=Call(function="devkit_env.requirements:install", arguments=arguments, fallback_env=mirrors),
        inputs=("**/*requirements*.txt", "requirements/**", *files),
        outputs=INSTALLED,
        moment=Moment.SETUP,
    )


def _node_tasks(mirrors: Mapping[str, str], locks: tuple[str, ...], installed: tuple[str, ...]) -> Iterator[Task]:
    yield Task(
        name="env:lock",
        summary="Lock the dependencies to exact versions.",
        action=Call(function="devkit_env.node:lock", fallback_env=mirrors),
        inputs=("package.json", ".npmrc"),
        outputs=locks,
        moment=Moment.LOCK,
    )
    yield Task(
        name="env:install",
        summary="Install the dependencies into `node_modules`.",
        action=Call(function="devkit_env.node:install", fallback_env=mirrors),
        needs=("env:lock",),
        inputs=("package.json", *NODE_LOCKS, ".npmrc"),
        outputs=installed,
        tools=("node",),
        moment=Moment.SETUP,
    )


def _lock(context: Context, names: Sequence[str]) -> tuple[str, ...]:
    """Return the lock file that is there; which one is made where there is none, is decided by what is installed."""
    return next(((name,) for name in names if context.tree.exists(name)), ())


def _is_python(context: Context) -> bool:
    return fact_text(context, "language") == "python"


def _node_manager(context: Context) -> str | None:
    """Return the manager of a Node project, `""` for npm; `None` when it is none, or of one that is left alone."""
    return node_manager(context.tree) if fact_text(context, "language") == "node" else None
