"""The test plugin: what proves the code, and what looks at it without running it, as data."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from msgspec.structs import replace

from devkit.api import NPM, PORT, PYTHON, SERVICES, Call, Command, Settings, Stage, hookimpl
from devkit_test.common_tasks import common_tasks
from devkit_test.node_tasks import node_tasks
from devkit_test.project import node_project, python_project
from devkit_test.python_tasks import python_tasks
from devkit_test.settings import TestSettings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from devkit.api import Context, Task

_WANTED = "env:services?"
"""What a kind of tests needs that runs beside the services, where there are some."""
_PORT = 8000
"""Where an application listens of which nothing is known."""


@hookimpl
def devkit_stages() -> Iterable[Stage]:
    """The stage that proves the code."""
    return [Stage(name="test", summary="Check the code and run its tests, with coverage.", after=("env",))]


@hookimpl
def devkit_settings() -> Iterable[Settings]:
    """The table of this stage."""
    return [Settings(table="test", type=TestSettings)]


@hookimpl
def devkit_commands() -> Iterable[Command]:
    """The commands of this stage."""
    return [
        Command(name="test", summary="Run the tests and say what they cover.", target="devkit_test.cli:test"),
        Command(
            name="lint", summary="Check the code; `--fix` mends what can be mended.", target="devkit_test.cli:lint"
        ),
        Command(name="fmt", summary="Lay the code out.", target="devkit_test.cli:fmt"),
    ]


@hookimpl
def devkit_tasks(context: Context) -> Iterable[Task]:
    """One task for each kind of test and check that the project has what it needs for."""
    python, npm = context.find(PYTHON), context.find(NPM)
    settings = _settings(context)
    tasks: list[Task] = []
    if python is not None:
        tasks += python_tasks(python, python_project(context.tree), settings)
    elif npm is not None:
        tasks += node_tasks(npm, node_project(context.tree), settings)
    tasks += common_tasks(context.tree, settings, {task.name for task in tasks})
    services = context.find(SERVICES)
    return tasks if services is None else [_beside_services(task, services) for task in tasks]


def _settings(context: Context) -> TestSettings:
    """Return the settings, whose load goes to where the application listens unless they say otherwise."""
    settings = context.settings(TestSettings)
    port = context.find(PORT) or _PORT
    return dataclasses.replace(settings, load_url=settings.load_url or f"http://127.0.0.1:{port}")


def _beside_services(task: Task, variables: str) -> Task:
    """Return a task, with the services started if it is one that wants them, and told where their variables are."""
    if _WANTED not in task.needs or not isinstance(task.action, Call):
        return task
    needs = tuple(need.removesuffix("?") if need == _WANTED else need for need in task.needs)
    return replace(
        task, needs=needs, action=replace(task.action, arguments={**task.action.arguments, "services": variables})
    )
