"""Running one kind of tests, and reading what its runner reports."""

from __future__ import annotations

import hashlib
import os
import time
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from devkit.api import COVERAGE_LOW, REPORT_MISSING, RUNNER_MISSING, TESTS_FAILED, DevkitError, Place
from devkit_test.changes import git, untracked
from devkit_test.memory import FOLDER, Summary, flaky, remember, store_summary, summarized
from devkit_test.reading import read_cases, read_coverage
from devkit_test.runners import command_for
from devkit_test.words import uncovered_lines

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from devkit.api import TaskContext

_NAMED = 5
"""Files with uncovered lines that an error names; the summary has them all."""


class Request(Struct, frozen=True, kw_only=True):
    """A kind of tests to run: with which runner, and what its coverage must be."""

    kind: str
    runner: str
    argv: Sequence[str]
    has_coverage: bool
    minimum: float


def run_tests(
    context: TaskContext,
    *,
    kind: str,
    runner: str,
    argv: Sequence[str],
    has_coverage: bool,
    minimum: float,
    services: str = "",
) -> None:
    """Run a kind of tests; TESTS_FAILED, COVERAGE_LOW, RUNNER_MISSING or REPORT_UNREADABLE when it does not pass.

    `services` is a file of variables that says where the services are; those of the process win over it.
    """
    request = Request(kind=kind, runner=runner, argv=argv, has_coverage=has_coverage, minimum=minimum)
    command = command_for(request.runner, request.argv, kind, has_coverage=has_coverage, chosen=context.arguments)
    for path in command.reports:
        (context.root / path).unlink(missing_ok=True)
    (context.root / FOLDER).mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    code = context.run(command.argv, env={**_places(context, services), **command.env})
    if not command.cases:
        _refuse_failed(kind, code)
        return
    if not (context.root / command.cases).exists():
        raise _no_report(context, request, code)
    summary = _summary(context, request, command.cases, command.coverage, time.monotonic() - started)
    store_summary(context.root, summary)
    _record(context, summary)
    _refuse_failures(summary)
    _refuse_low_coverage(summary, minimum)
    _refuse_failed(kind, code)


def _places(context: TaskContext, services: str) -> dict[str, str]:
    if not services:
        return {}
    from dotenv import dotenv_values

    values = dotenv_values(context.root / services, interpolate=False)
    return {name: value for name, value in values.items() if value is not None and name not in os.environ}


def _summary(context: TaskContext, request: Request, cases_file: str, coverage_file: str, seconds: float) -> Summary:
    cases = read_cases(context.root, cases_file)
    unsteady = flaky(remember(context.root, request.kind, _code(context), cases))
    summary = summarized(request.kind, cases, seconds=seconds, flaky=unsteady, is_partial=bool(context.arguments))
    if not coverage_file or not (context.root / coverage_file).exists():
        return summary
    return replace(summary, coverage=read_coverage(context.root, coverage_file))


def _record(context: TaskContext, summary: Summary) -> None:
    """Put the figures into the ledger."""
    for outcome, count in summary.counts.items():
        context.record(outcome, count)
    context.record("flaky", len(summary.flaky))
    if summary.slowest:
        context.record("slowest", f"{summary.slowest[0].name} {summary.slowest[0].seconds:.2f} s")
    if summary.coverage is not None and summary.coverage.percent is not None:
        context.record("coverage", round(summary.coverage.percent, 2))
        for package, percent in summary.coverage.packages.items():
            context.record(f"coverage {package}", round(percent, 2))


def _refuse_failures(summary: Summary) -> None:
    if not summary.total:
        message = f"no {summary.kind} test ran"
        raise DevkitError(TESTS_FAILED, message, help="what the runner looked for is in its output, above")
    if summary.failed:
        first = summary.failed[0]
        message = f"{len(summary.failed)} of {summary.total} tests failed, first `{first.name}`: {first.message}"
        place = Place(path=first.file, line=first.line) if first.file else None
        help_text = f"only these again: devkit test --kind {summary.kind} --last-failed"
        raise DevkitError(TESTS_FAILED, message, place=place, help=help_text)


def _refuse_failed(kind: str, code: int) -> None:
    if code != 0:
        message = f"the {kind} tests ended with exit code {code}"
        raise DevkitError(TESTS_FAILED, message, help="the output of the runner is above")


def _refuse_low_coverage(summary: Summary, minimum: float) -> None:
    percent = summary.coverage.percent if summary.coverage else None
    if percent is None or percent >= minimum or summary.is_partial or summary.coverage is None:
        return
    lines = uncovered_lines(summary.coverage)
    more = f" and {len(lines) - _NAMED} more files" if len(lines) > _NAMED else ""
    message = f"the tests cover {percent:.1f} % of the lines, and {minimum:g} % are asked for"
    help_text = f"not covered: {'; '.join(lines[:_NAMED])}{more}"
    raise DevkitError(COVERAGE_LOW, message, help=help_text)


def _no_report(context: TaskContext, request: Request, code: int) -> DevkitError:
    """Return why there is no report: the runner is not installed, or it ended before it could write one."""
    if request.runner == "pytest":
        probe, _, _ = context.capture([request.argv[0], "-c", "import pytest"])
        if probe != 0:
            message = "pytest is not installed in the project's environment"
            return DevkitError(RUNNER_MISSING, message, help="devkit run env, or add it: uv add --dev pytest")
    message = f"the {request.kind} tests ended with exit code {code}, and without a report"
    return DevkitError(REPORT_MISSING, message, help="the output of the runner is above")


def _code(context: TaskContext) -> str:
    """Return a mark of the code that is tested: the commit, what differs from it, and what git does not track yet.

    It is empty where there is no commit: then nobody knows whether two runs were of the same code.
    """
    code, head, _ = git(context, "rev-parse", "--verify", "--quiet", "HEAD")
    if code != 0:
        return ""
    _, changes, _ = git(context, "diff", "--no-ext-diff", "--no-textconv", "HEAD")
    new = (f"{path} {_mark(context.root / path)}" for path in untracked(context))
    return hashlib.sha256("\0".join((head, changes, *new)).encode()).hexdigest()[:16]


def _mark(path: Path) -> str:
    """Return what tells a file from the one that it was."""
    try:
        found = path.lstat()
    except (OSError, ValueError):
        return ""
    return f"{found.st_size} {found.st_mtime_ns}"
