"""The summary of all kinds of tests, for people and as data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from devkit_test.reports import FAILED, PASSED, SKIPPED, Coverage, ranges

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from devkit_test.memory import Summary
    from devkit_test.reports import Case

_UNCOVERED = 20
"""Files with uncovered lines that are listed."""
_TELLING = 0.1
"""Seconds from which a test is worth naming among the slowest."""


def summary_lines(summaries: Sequence[Summary], changed: Coverage | None, verbosity: int) -> list[str]:
    """Return the summary: a line for each kind, failures, flaky tests, coverage; with `-v` the slowest tests."""
    width = max((len(each.kind) for each in summaries), default=0)
    lines = [_line(each, width) for each in summaries]
    lines += [f"failed  {_where(case)}: {case.message}" for each in summaries for case in each.failed]
    lines += [f"flaky   {name} passed and failed on the same code" for each in summaries for name in each.flaky]
    if verbosity > 0:
        slow = sorted((case for each in summaries for case in each.slowest), key=lambda case: -case.seconds)[:10]
        lines += [f"slow    {case.seconds:.2f} s  {case.name}" for case in slow if case.seconds >= _TELLING]
    is_partial = any(each.is_partial for each in summaries)
    return [*lines, *_coverage_lines(joined(summaries), changed, is_partial=is_partial)]


def joined(summaries: Sequence[Summary]) -> Coverage | None:
    """Return what all kinds cover together, or `None` where nothing was measured."""
    measured = [each.coverage for each in summaries if each.coverage is not None]
    if not measured:
        return None
    together = Coverage()
    for coverage in measured:
        together = together.joined(coverage)
    return together


def uncovered_lines(coverage: Coverage) -> list[str]:
    """Return the files that have lines which no test ran, most such lines first."""
    files = sorted(coverage.files.items(), key=lambda item: -len(item[1].missed))
    return [f"{path}: {ranges(file.missed)}" for path, file in files if file.missed]


def summary_document(summaries: Sequence[Summary], changed: Coverage | None) -> dict[str, Any]:
    """Return the summary as data."""
    return {
        "kinds": [_document(each) for each in summaries],
        "coverage": _coverage_document(joined(summaries)),
        "changed": _coverage_document(changed),
    }


def _line(summary: Summary, width: int) -> str:
    counts = [f"{count} {outcome}" for outcome, count in summary.counts.items() if count or outcome == PASSED]
    part = "  (a part)" if summary.is_partial else ""
    return f"{summary.kind:<{width}}  {', '.join(counts)} in {summary.seconds:.1f} s{part}"


def _coverage_lines(coverage: Coverage | None, changed: Coverage | None, *, is_partial: bool) -> list[str]:
    if coverage is None or coverage.percent is None:
        return []
    lines = [] if is_partial else uncovered_lines(coverage)
    more = [f"        and {len(lines) - _UNCOVERED} more files"] if len(lines) > _UNCOVERED else []
    found = [f"coverage  {coverage.percent:.1f} % of {_count(coverage)} lines"]
    if changed is not None:
        percent = changed.percent
        words = "no line that can be covered" if percent is None else f"{percent:.1f} % of {_count(changed)} lines"
        found.append(f"changed   {words}")
        found += [f"        {line}" for line in uncovered_lines(changed)]
    return [*found, *(f"        {line}" for line in lines[:_UNCOVERED]), *more]


def _count(coverage: Coverage) -> int:
    return sum(len(file.covered) + len(file.missed) for file in coverage.files.values())


def _where(case: Case) -> str:
    place = f"{case.file}:{case.line}" if case.file and case.line else case.file
    return f"{case.name} ({place})" if place else case.name


def _document(summary: Summary) -> dict[str, Any]:
    return {
        "kind": summary.kind,
        PASSED: summary.counts.get(PASSED, 0),
        FAILED: summary.counts.get(FAILED, 0),
        SKIPPED: summary.counts.get(SKIPPED, 0),
        "seconds": round(summary.seconds, 3),
        "is_partial": summary.is_partial,
        "failures": [_case(case) for case in summary.failed],
        "slowest": [_case(case) for case in summary.slowest],
        "flaky": list(summary.flaky),
    }


def _case(case: Case) -> Mapping[str, Any]:
    return {
        "name": case.name,
        "path": case.file,
        "line": case.line,
        "seconds": round(case.seconds, 3),
        "message": case.message,
    }


def _coverage_document(coverage: Coverage | None) -> dict[str, Any] | None:
    if coverage is None or coverage.percent is None:
        return None
    return {
        "percent": round(coverage.percent, 2),
        "packages": {name: round(percent, 2) for name, percent in coverage.packages.items()},
        "uncovered": {path: ranges(file.missed) for path, file in coverage.files.items() if file.missed},
    }
