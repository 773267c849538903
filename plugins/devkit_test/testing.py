"""What `devkit test` does: choosing kinds, running them, and putting their summaries together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from devkit.api import COVERAGE_LOW, NOTHING_TO_TEST, UNKNOWN_KIND, USAGE, DevkitError, Result
from devkit_test.changes import changed_lines
from devkit_test.memory import load_summary
from devkit_test.node_tasks import runner_of
from devkit_test.project import node_project, python_project
from devkit_test.settings import TestSettings
from devkit_test.words import joined, summary_document, summary_lines, uncovered_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from devkit.api import CommandContext, TaskOutcome
    from devkit_test.memory import Summary
    from devkit_test.reports import Case, Coverage

KINDS = ("unit", "integration", "contract")
MANUAL = ("e2e", "load", "audit")
"""Kinds that need a running application, a browser or the network."""

_BY_NAME = {"pytest": "-k", "unittest": "-k", "node": "--test-name-pattern", "vitest": "-t", "jest": "-t"}
"""The option by which each runner chooses tests by their names."""


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
    former = {kind: load_summary(context.root, kind) for kind in kinds}
    parts = list(_parts(context, choice, former))
    if not parts:
        has_run = any(summary is not None for summary in former.values())
        line = "no test failed when they ran last" if has_run else "no test has run here yet: run devkit test first"
        return Result(schema="devkit.test/1", lines=[line])
    base = choice.base if choice.is_affected else None
    ran = [context.run_tasks([f"test:{kind}" for kind in names], words, base=base) for names, words in parts]
    error = next((each.error for each in ran if each.error is not None), None)
    outcomes = [outcome for each in ran for outcome in each.report.outcomes if outcome.task.startswith("test:")]
    if not any(outcome.task.removeprefix("test:") in kinds for outcome in outcomes):
        return Result(schema="devkit.test/1", lines=["no test reads what changed"], error=error)
    summaries = list(_summaries(context, outcomes, former))
    together = joined(summaries)
    changed = together.among(lines) if together is not None and lines is not None else None
    return Result(
        schema="devkit.test/1",
        data=summary_document(summaries, changed),
        lines=summary_lines(summaries, changed, context.verbosity),
        error=error or _low(changed, context.context.settings(TestSettings).minimum_changed_coverage),
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


def _parts(
    context: CommandContext, choice: Choice, former: Mapping[str, Summary | None]
) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    """Yield kinds that run together, with the words for the runner that choose their tests."""
    words, runner = list(choice.arguments), _runner(context)
    if runner not in _BY_NAME and (choice.expression or choice.is_last_failed):
        message = f"devkit does not know how `{runner}` is told which tests to run"
        raise DevkitError(USAGE, message, help="give it its own options: devkit test -- OPTIONS")
    if choice.expression:
        option = _BY_NAME[runner]
        words += [f"{option}={choice.expression}"] if runner == "node" else [option, choice.expression]
    if not choice.is_last_failed:
        yield list(former), words
        return
    for kind, summary in former.items():
        if summary is not None and summary.failed:
            yield [kind], [*words, *dict.fromkeys(_again(case, runner) for case in summary.failed)]


def _again(case: Case, runner: str) -> str:
    """Return what a runner takes to run a test again: by its name, or with all of its file."""
    return case.name if runner == "pytest" else case.file or case.name.partition(" > ")[0]


def _summaries(
    context: CommandContext, outcomes: Sequence[TaskOutcome], former: Mapping[str, Summary | None]
) -> Iterator[Summary]:
    """Yield what the kinds say that have run; of one that ended without a report, there is only an earlier word."""
    good = {outcome.task.removeprefix("test:") for outcome in outcomes if outcome.outcome.is_good}
    for kind, before in former.items():
        summary = load_summary(context.root, kind)
        if summary is not None and (kind in good or summary != before):
            yield summary


def _runner(context: CommandContext) -> str:
    """Return what runs the tests: a runner that devkit knows, else the project's own script."""
    tree = context.context.tree
    if tree.exists("pyproject.toml") or not tree.exists("package.json"):
        project = python_project(tree)
        return "pytest" if "pytest" in project.dependencies or "pytest" in project.tools else "unittest"
    script = node_project(tree).scripts.get("test", "")
    return runner_of(script) or script


def _low(changed: Coverage | None, minimum: float) -> DevkitError | None:
    if changed is None or changed.percent is None or changed.percent >= minimum:
        return None
    message = f"the tests cover {changed.percent:.1f} % of the changed lines, and {minimum:g} % are asked for"
    return DevkitError(COVERAGE_LOW, message, help=f"not covered: {'; '.join(uncovered_lines(changed))}")
