"""What `devkit doctor` found as an answer: one line for each thing that was looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from devkit.api.findings import Severity
from devkit.api.result import Result
from devkit.report.failures import finding_document
from devkit.report.text import clean, counted, style

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from devkit.api.findings import Finding
    from devkit.errors import DevkitError
    from devkit.plan.plan import Plan

_LEAST = 24
"""Columns that words need beside a name; where there are fewer, they stand below it."""
_MARKS = {
    None: ("✓", "green"),
    Severity.INFO: ("·", "cyan"),
    Severity.WARNING: ("!", "yellow"),
    Severity.ERROR: ("✗", "red"),
}


class CheckLine(Protocol):
    """What is shown of one check."""

    @property
    def group(self) -> str:
        """The heading that it stands under."""
        ...

    @property
    def name(self) -> str:
        """What was looked at."""
        ...

    @property
    def detail(self) -> str:
        """How it is, in a few words."""
        ...

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is wrong."""
        ...

    @property
    def severity(self) -> Severity | None:
        """The worst of it."""
        ...


def doctor_result(
    project: str,
    checks: Sequence[CheckLine],
    findings: Sequence[Finding],
    *,
    width: int,
    fixed: Sequence[str] = (),
    error: DevkitError | None = None,
) -> Result:
    """Return the answer; `fixed` are the files that were changed."""
    lines = [f"{style('fixed', 'green')}  {clean(path)}" for path in fixed]
    group, longest = "", max((len(clean(check.name)) for check in checks), default=0)
    for check in checks:
        if check.group != group:
            group = check.group
            lines.append(style(clean(f"{group} {project}" if group == "project" else group), "bold"))
        lines += _lines(check, longest, width)
    lines += _summary(findings, width, has_fixed=bool(fixed))
    data = {
        "project": project or None,
        "checks": [_document(check) for check in checks],
        "fixed": list(fixed),
        "errors": _count(findings, Severity.ERROR),
        "warnings": _count(findings, Severity.WARNING),
    }
    return Result(schema="devkit.doctor/1", data=data, lines=lines, error=error)


def fixes_result(plan: Plan, *, error: DevkitError | None, verbosity: int) -> Result:
    """Return what the fixes would change."""
    from msgspec.structs import replace

    from devkit.report.plans import plan_result

    result = plan_result(plan, error=error, verbosity=verbosity)
    return result if plan.files else replace(result, lines=["nothing that changing files would mend"])


def _lines(check: CheckLine, longest: int, width: int) -> Iterator[str]:
    import textwrap

    mark, colour = _MARKS[check.severity]
    words = check.detail if not check.findings else _words(check)
    name = clean(check.name)
    is_narrow = width - longest - 6 < _LEAST
    indent = 6 if is_narrow else longest + 6
    wrapped = textwrap.wrap(clean(words), max(_LEAST, width - indent), break_on_hyphens=False)
    first = wrapped.pop(0) if wrapped and not is_narrow else ""
    yield f"  {style(mark, colour)} {f'{name:<{longest}}  {first}'.rstrip()}"
    yield from (f"{' ' * indent}{line}" for line in wrapped)


def _words(check: CheckLine) -> str:
    """Return what a line says of a check that found something; the findings themselves are told in full."""
    if len(check.findings) == 1 and check.detail and check.findings[0].place is not None:
        return check.detail
    return "; ".join(dict.fromkeys(finding.message.partition("\n")[0] for finding in check.findings))


def _summary(findings: Sequence[Finding], width: int, *, has_fixed: bool) -> list[str]:
    import textwrap

    counts = [
        counted(count, word)
        for severity, word in ((Severity.ERROR, "error"), (Severity.WARNING, "warning"))
        if (count := _count(findings, severity))
    ]
    fixable = sum(bool(finding.fix) for finding in findings)
    way = f"; devkit doctor --fix mends {fixable} of them" if fixable and not has_fixed else ""
    if not counts:
        return [style("all is well", "bold", "green")]
    return [style(line, "bold") for line in textwrap.wrap(", ".join(counts) + way, max(_LEAST, width))]


def _count(findings: Sequence[Finding], severity: Severity) -> int:
    return sum(finding.severity is severity for finding in findings)


def _document(check: CheckLine) -> dict[str, Any]:
    return {
        "group": check.group,
        "name": check.name,
        "detail": check.detail,
        "state": str(check.severity) if check.severity else "ok",
        "findings": [finding_document(finding) for finding in check.findings],
    }
