"""The tasks of a Node project: its own scripts, and the tools that it depends on."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from devkit.api import Call, RunCommand, Task
from devkit_test.sources import NODE_SCRIPTS, NODE_TESTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from devkit.api import TaskAction, Value
    from devkit_test.project import NodeProject
    from devkit_test.settings import TestSettings

_KINDS = {
    "unit": ("test", "Run the tests."),
    "integration": ("test:integration", "Run the tests that need the services."),
    "contract": ("test:contract", "Hold the API to its own description."),
}
_SCRIPTS = {
    "lint": (("lint",), "Check the code.", False),
    "types": (("typecheck", "types", "type-check"), "Check the types.", False),
    "load": (("test:load",), "Put the running application under load.", True),
    "fix": (("lint:fix",), "Mend what the linter can mend.", True),
    "fmt": (("format", "fmt"), "Lay the code out.", True),
}
_PLAIN = {"NO_COLOR": "1"}
"""The output goes through devkit's own lines, where colours would be escaped."""


def node_tasks(npm: str, project: NodeProject, settings: TestSettings) -> Iterator[Task]:
    """Return the tasks of a Node project, whose scripts `npm` (or another package manager) runs."""
    for kind, (script, _) in _KINDS.items():
        if script in project.scripts:
            yield _kind(npm, kind, project, settings)
    if (e2e := _end_to_end(npm, project)) is not None:
        yield _task("e2e", "Run the tests that use the application as its users do.", e2e, is_manual=True)
    for name, (scripts, summary, is_manual) in _SCRIPTS.items():
        if script := next((script for script in scripts if script in project.scripts), ""):
            action = RunCommand(argv=script_argv(npm, script), env=_PLAIN)
            yield _task(name, summary, action, is_manual=is_manual)
    if npm == "npm":
        audit = Call(function="devkit_test.network:audit", arguments={"argv": [npm, "audit", "--audit-level=high"]})
        yield _task("audit", "Ask the registry for known weaknesses of the dependencies.", audit, is_manual=True)


def script_argv(npm: str, script: str) -> tuple[str, ...]:
    """Return the command that runs a script, ready for the script's own arguments; npm needs a `--` before them."""
    return (npm, "run", script, *(("--",) if npm == "npm" else ()))


def runner_of(script: str) -> str:
    """Return which test runner a script starts: `vitest`, `jest`, `node`, or `""` for another one."""
    words = _words(script)
    if words[:2] == ["node", "--test"] and not set("&|;<>") & set(script):
        return "node"
    return next((word for word in words if word in {"vitest", "jest"}), "")


def _kind(npm: str, kind: str, project: NodeProject, settings: TestSettings) -> Task:
    script, summary = _KINDS[kind]
    text = project.scripts[script]
    runner = runner_of(text)
    arguments: dict[str, Value] = {
        "kind": kind,
        "runner": runner,
        "argv": _words(text) if runner == "node" else list(script_argv(npm, script)),
        "has_coverage": settings.coverage and (runner == "node" or "--coverage" in text),
        "minimum": settings.minimum_coverage if kind == "unit" else 0,
    }
    needs = ("env:install", *(("env:services?",) if kind == "integration" else ()))
    return Task(
        name=f"test:{kind}",
        summary=summary,
        action=Call(function="devkit_test.running:run_tests", arguments=arguments),
        needs=needs,
        inputs=NODE_TESTS,
        outputs=(f".devkit/state/test/{kind}.json",) if runner else (),
        accepts_arguments=True,
    )


def _end_to_end(npm: str, project: NodeProject) -> TaskAction | None:
    if script := next((name for name in ("test:e2e", "e2e") if name in project.scripts), ""):
        return RunCommand(argv=script_argv(npm, script), env=_PLAIN)
    if "playwright" in project.config and "@playwright/test" in project.dependencies:
        return RunCommand(argv=("npx", "--no-install", "playwright", "test"), env=_PLAIN)
    if "cypress" in project.config and "cypress" in project.dependencies:
        return RunCommand(argv=("npx", "--no-install", "cypress", "run"), env=_PLAIN)
    return None


def _words(script: str) -> list[str]:
    try:
        return shlex.split(script)
    except ValueError:
        return []


def _task(name: str, summary: str, action: TaskAction, *, is_manual: bool = False) -> Task:
    inputs = () if is_manual else NODE_SCRIPTS
    return Task(
        name=f"test:{name}",
        summary=summary,
        action=action,
        needs=("env:install",),
        inputs=inputs,
        accepts_arguments=True,
        is_manual=is_manual,
    )
