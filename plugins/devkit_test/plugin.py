"""The test plugin: what proves the code, and what looks at it without running it, as data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from devkit.api import NPM, PYTHON, Command, Settings, Stage, hookimpl
from devkit_test.common_tasks import common_tasks
from devkit_test.node_tasks import node_tasks
from devkit_test.project import node_project, python_project
from devkit_test.python_tasks import python_tasks
from devkit_test.settings import TestSettings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from devkit.api import Context, Task


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
    settings = context.settings(TestSettings)
    tasks: list[Task] = []
    if python is not None:
        tasks += python_tasks(python, python_project(context.tree), settings)
    elif npm is not None:
        tasks += node_tasks(npm, node_project(context.tree), settings)
    return [*tasks, *common_tasks(context.tree, settings, {task.name for task in tasks})]
