"""The tasks of a Python project: each is there when the project depends on what it runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from devkit.api import Call, RunCommand, Task
from devkit_test.sources import PYTHON_TESTS, python_check

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from devkit.api import TaskAction, Value
    from devkit_test.project import PythonProject
    from devkit_test.settings import TestSettings

_NEEDS = ("env:install",)
_RUFF = python_check("**/*.ipynb", "**/ruff.toml", ".ruff.toml")
_MYPY = python_check("mypy.ini", ".mypy.ini")
_PYRIGHT = python_check("pyrightconfig.json")
_SUMMARIES = {
    "unit": "Run the tests.",
    "integration": "Run the tests that need the services.",
    "contract": "Hold the API to its own description.",
    "e2e": "Run the tests that use the application as its users do.",
}


def python_tasks(python: str, project: PythonProject, settings: TestSettings) -> Iterator[Task]:
    """Return the tasks of a Python project, whose own interpreter is at `python`."""
    yield from _kinds(python, project, settings)
    yield from _checks(python, project)
    yield from _fixes(python, project)
    if "pip-audit" in project.dependencies:
        audit = Call(function="devkit_test.network:audit", arguments={"argv": [python, "-m", "pip_audit", "--local"]})
        yield _task("audit", "Ask the index for known weaknesses of the dependencies.", audit, is_manual=True)
    if project.locustfile and "locust" in project.dependencies:
        yield _load(python, project, settings)


def _kinds(python: str, project: PythonProject, settings: TestSettings) -> Iterator[Task]:
    has_pytest = "pytest" in project.dependencies or "pytest" in project.tools
    if not has_pytest and not project.has_tests:
        return
    ignored = [f"--ignore=tests/{name}" for name in (*project.folders, *(["load"] if project.locustfile else ()))]
    for kind in ("unit", *(project.folders if has_pytest else ())):
        chosen = ignored if kind == "unit" else [f"tests/{kind}"]
        arguments: dict[str, Value] = {
            "kind": kind,
            "runner": "pytest" if has_pytest else "unittest",
            "argv": [python, *(("-m", "pytest", *settings.arguments, *chosen) if has_pytest else project.manage)],
            "has_coverage": settings.coverage and kind != "e2e" and _measures(project, has_pytest=has_pytest),
            "minimum": settings.minimum_coverage if kind == "unit" else 0,
        }
        yield Task(
            name=f"test:{kind}",
            summary=_SUMMARIES[kind],
            action=Call(function="devkit_test.running:run_tests", arguments=arguments),
            needs=(*_NEEDS, *(("env:services?",) if kind == "integration" else ())),
            inputs=() if kind == "e2e" else PYTHON_TESTS,
            outputs=(f".devkit/state/test/{kind}.json",),
            variables=("PYTEST_ADDOPTS",),
            accepts_arguments=True,
            is_manual=kind == "e2e",
        )


def _measures(project: PythonProject, *, has_pytest: bool) -> bool:
    return ("pytest-cov" if has_pytest else "coverage") in project.dependencies


def _checks(python: str, project: PythonProject) -> Iterable[Task]:
    """Return what looks at the code without running it."""
    has, tools = project.dependencies, project.tools
    if "ruff" in has:
        yield _task("lint", "Check the code with Ruff.", _module(python, "ruff", "check"), inputs=_RUFF)
        if "black" not in has:
            yield _task(
                "format",
                "Check how the code is laid out.",
                _module(python, "ruff", "format", "--check"),
                inputs=_RUFF,
            )
    elif "flake8" in has:
        yield _task("lint", "Check the code with Flake8.", _module(python, "flake8"), inputs=python_check(".flake8"))
    if "black" in has:
        yield _task(
            "format",
            "Check how the code is laid out.",
            _module(python, "black", "--check", "."),
            inputs=python_check("**/*.ipynb"),
        )
    if "mypy" in has:
        paths = () if {"files", "packages", "modules"} & set(tools.get("mypy", ())) else (".",)
        yield _task("types", "Check the types with mypy.", _module(python, "mypy", *paths), inputs=_MYPY)
    elif "pyright" in has:
        yield _task("types", "Check the types with Pyright.", _module(python, "pyright"), inputs=_PYRIGHT)
    if "bandit" in has:
        config = ("-c", "pyproject.toml") if "bandit" in tools else ()
        argv = ("bandit", "--quiet", *config, "--recursive", "src")
        yield _task("security", "Look for insecure code with Bandit.", _module(python, *argv), inputs=python_check())


def _fixes(python: str, project: PythonProject) -> Iterable[Task]:
    """Return what changes the code; it runs only when it is named."""
    has = project.dependencies
    if "ruff" in has:
        fix = _module(python, "ruff", "check", "--fix", "--exit-zero")
        yield _task("fix", "Mend what Ruff can mend.", fix, needs=_NEEDS, is_manual=True)
    if "black" in has or "ruff" in has:
        words = ("black", ".") if "black" in has else ("ruff", "format")
        after = (*_NEEDS, "test:fix?")
        yield _task("fmt", "Lay the code out.", _module(python, *words), needs=after, is_manual=True)


def _load(python: str, project: PythonProject, settings: TestSettings) -> Task:
    argv = [python, "-m", "locust", "--locustfile", project.locustfile, "--headless", "--only-summary"]
    argv += ["--users", str(settings.load_users), "--spawn-rate", str(settings.load_users)]
    argv += ["--run-time", f"{settings.load_seconds}s", "--host", settings.load_url]
    arguments: dict[str, Value] = {"argv": argv, "failures": settings.load_failures, "p95": settings.load_p95}
    action = Call(function="devkit_test.load:run_locust", arguments=arguments)
    return _task("load", "Put the running application under load.", action, is_manual=True)


def _module(python: str, *words: str) -> RunCommand:
    return RunCommand(argv=(python, "-m", *words))


def _task(
    name: str,
    summary: str,
    action: TaskAction,
    *,
    needs: tuple[str, ...] = _NEEDS,
    inputs: tuple[str, ...] = (),
    is_manual: bool = False,
) -> Task:
    return Task(
        name=f"test:{name}",
        summary=summary,
        action=action,
        needs=needs,
        inputs=inputs,
        accepts_arguments=True,
        is_manual=is_manual,
    )
