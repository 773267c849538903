"""What `devkit test` does: choosing kinds, running them, and putting their summaries together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from devkit.api import COVERAGE_LOW, NOTHING_TO_TEST, UNKNOWN_KIND, DevkitError, Result
from devkit_test.changes import changed_lines
from devkit_test.memory import load_summary
from devkit_test.node_tasks import runner_of
from devkit_test.project import node_project, python_project
from devkit_test.settings import TestSettings
from devkit_test.words import joined, summary_document, summary_lines, uncovered_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from devkit.api import CommandContext
    from devkit_test.reports import Coverage

KINDS = ("unit", "integration", "contract")
MANUAL = ("e2e", "load", "audit")
"""Kinds that need a running application, a browser or the network."""


class Choice(Struct, frozen=True, kw_only=True):
    """Which tests were asked for."""

    kinds: Sequence[str] = ()
    is_all: bool = False
    expression: str = ""
    is_last_failed: bool = False
    is_affected: bool = False
    is_watched: bool = False
    base: str = ""
    arguments: Sequence[str] = ()


def run(context: CommandContext, choice: Choice) -> Result:
    """Run the chosen tests, and return the summary of them all."""
    kinds = _kinds(context, choice)
    if choice.is_watched:
        context.watch([f"test:{kind}" for kind in kinds])
    lines = changed_lines(context, choice.base) if choice.base else None
    arguments = _arguments(context, choice, kinds)
    if choice.is_last_failed and not arguments:
        return Result(schema="devkit.test/1", lines=["no test failed when they ran last"])
    base = choice.base if choice.is_affected else None
    ran = context.run_tasks([f"test:{kind}" for kind in kinds], arguments, base=base)
    kinds = [kind for kind in kinds if any(one.task == f"test:{kind}" for one in ran.report.outcomes)]
    if not kinds:
        return Result(schema="devkit.test/1", lines=["no test reads what changed"], error=ran.error)
    summaries = [summary for kind in kinds if (summary := load_summary(context.root, kind)) is not None]
    together = joined(summaries)
    changed = together.among(lines) if together is not None and lines is not None else None
    error = ran.error or _low(changed, context.context.settings(TestSettings).minimum_changed_coverage)
    return Result(
        schema="devkit.test/1",
        data=summary_document(summaries, changed),
        lines=summary_lines(summaries, changed, context.verbosity),
        error=error,
    )


def _kinds(context: CommandContext, choice: Choice) -> list[str]:
    known = [kind for kind in (*KINDS, *MANUAL) if f"test:{kind}" in context.tasks]
    if not known:
        message = "this project has no tests that devkit knows how to run"
        raise DevkitError(NOTHING_TO_TEST, message, help="add pytest, or a script `test` in package.json")
    for kind in choice.kinds:
        if kind not in known:
            message = f"this project has no `{kind}` tests"
            raise DevkitError(UNKNOWN_KIND, message, help=f"it has: {', '.join(known)}")
    if choice.kinds:
        return [kind for kind in known if kind in choice.kinds]
    if choice.expression or choice.arguments:
        return known[:1]
    return known if choice.is_all else [kind for kind in known if kind in KINDS] or known


def _arguments(context: CommandContext, choice: Choice, kinds: Sequence[str]) -> tuple[str, ...]:
    """Return the words for the runner that choose the tests."""
    words = list(choice.arguments)
    runner = _runner(context)
    if choice.expression:
        option = {"pytest": "-k", "node": "--test-name-pattern", "unittest": "-k"}.get(runner, "-t")
        words += [f"{option}={choice.expression}"] if runner == "node" else [option, choice.expression]
    if choice.is_last_failed:
        failed = [case for kind in kinds if (found := load_summary(context.root, kind)) for case in found.failed]
        names = [case.name if runner == "pytest" else case.file or case.name.partition(" > ")[0] for case in failed]
        words += list(dict.fromkeys(names))
    return tuple(words)


def _runner(context: CommandContext) -> str:
    tree = context.context.tree
    if tree.exists("pyproject.toml") or not tree.exists("package.json"):
        project = python_project(tree)
        return "pytest" if "pytest" in project.dependencies or "pytest" in project.tools else "unittest"
    return runner_of(node_project(tree).scripts.get("test", ""))


def _low(changed: Coverage | None, minimum: float) -> DevkitError | None:
    if changed is None or changed.percent is None or changed.percent >= minimum:
        return None
    message = f"the tests cover {changed.percent:.1f} % of the changed lines, and {minimum:g} % are asked for"
    return DevkitError(COVERAGE_LOW, message, help=f"not covered: {'; '.join(uncovered_lines(changed))}")
