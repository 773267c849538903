"""The test plugin: the project's own tests with coverage, as data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from devkit.api import PYTHON, RunCommand, Settings, Stage, Task, hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterable

    from devkit.api import Context

_COVERAGE = ("--cov", "-p", "pytest_cov")
"""`--cov` takes the next word for its own unless that is an option, so one that changes nothing follows it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TestSettings:
    """The table `[tool.devkit.test]`."""

    arguments: tuple[str, ...] = field(default=(), metadata={"help": "Arguments that pytest is always given."})
    coverage: bool = field(default=True, metadata={"help": "Measure coverage when pytest-cov is a dependency."})


@hookimpl
def devkit_stages() -> Iterable[Stage]:
    """The stage that proves the code."""
    return [Stage(name="test", summary="Run the tests with coverage.", after=("env",))]


@hookimpl
def devkit_settings() -> Iterable[Settings]:
    """The table of this stage."""
    return [Settings(table="test", type=TestSettings)]


@hookimpl
def devkit_tasks(context: Context) -> Iterable[Task]:
    """One task: pytest in the project's own environment."""
    python = context.find(PYTHON)
    if python is None:
        return
    settings = context.settings(TestSettings)
    manifest = context.tree.read_text("pyproject.toml") or ""
    coverage = _COVERAGE if settings.coverage and "pytest-cov" in manifest else ()
    yield Task(
        name="test:unit",
        summary="Run the tests with pytest.",
        action=RunCommand(argv=(python, "-m", "pytest", *coverage, *settings.arguments)),
        needs=("env:install",),
        inputs=("src/**", "tests/**", "pyproject.toml"),
        accepts_arguments=True,
    )
