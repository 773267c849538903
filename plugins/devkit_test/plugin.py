"""The test plugin: the project's own tests with coverage, as data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from devkit.api import NPM, PYTHON, RunCommand, Settings, Stage, Task, hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterable

    from devkit.api import Context

_NODE_INPUTS = ("src/**", "test/**", "tests/**", "package.json", "package-lock.json", "tsconfig*.json", "*.config.*")

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
    """One task: pytest in a Python project's own environment, or a Node project's own `test` script."""
    python, npm = context.find(PYTHON), context.find(NPM)
    if python is not None:
        yield _pytest(context, python)
    elif npm is not None and (script := _script(context, "test")):
        yield Task(
            name="test:unit",
            summary="Run the tests with `npm test`.",
            # The output goes through devkit's own lines, where colours would be escaped.
            action=RunCommand(argv=(npm, "test", "--"), partial=_vitest_part(script), env={"NO_COLOR": "1"}),
            needs=("env:install",),
            inputs=_NODE_INPUTS,
            accepts_arguments=True,
        )


def _pytest(context: Context, python: str) -> Task:
    settings = context.settings(TestSettings)
    manifest = context.tree.read_text("pyproject.toml") or ""
    coverage = _COVERAGE if settings.coverage and "pytest-cov" in manifest else ()
    return Task(
        name="test:unit",
        summary="Run the tests with pytest.",
        action=RunCommand(
            argv=(python, "-m", "pytest", *coverage, *settings.arguments),
            partial=("--cov-fail-under=0",) if coverage else (),
        ),
        needs=("env:install",),
        inputs=("src/**", "tests/**", "pyproject.toml"),
        accepts_arguments=True,
    )


def _vitest_part(script: str) -> tuple[str, ...]:
    """Return what lets a part of the tests pass without the coverage that the whole must have."""
    if "vitest" not in script or "--coverage" not in script:
        return ()
    return tuple(f"--coverage.thresholds.{of}=0" for of in ("branches", "functions", "lines", "statements"))


def _script(context: Context, name: str) -> str:
    """Return a script of `package.json`, or `""`."""
    import json

    try:
        manifest = json.loads(context.tree.read_text("package.json") or "")
    except (ValueError, RecursionError):
        return ""
    scripts = manifest.get("scripts") if isinstance(manifest, dict) else None
    script = scripts.get(name) if isinstance(scripts, dict) else None
    return script if isinstance(script, str) else ""
