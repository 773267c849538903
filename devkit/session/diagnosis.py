"""What a check of `devkit doctor` says: one thing that was looked at, how it is, and what is wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from devkit.api.findings import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from devkit.errors import DevkitError

MACHINE, PROJECT = "machine", "project"
_ORDER = (Severity.INFO, Severity.WARNING, Severity.ERROR)


class Check(Struct, frozen=True, kw_only=True):
    """One thing that was looked at; without findings it is as it should be."""

    group: str
    name: str
    detail: str = ""
    findings: tuple[Finding, ...] = ()

    @property
    def severity(self) -> Severity | None:
        """The worst of the findings."""
        return max((finding.severity for finding in self.findings), key=_ORDER.index, default=None)


class Diagnosis(Struct, frozen=True, kw_only=True):
    """All that was looked at; `project` is empty outside of one."""

    project: str
    checks: tuple[Check, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is wrong, each thing once."""
        found: list[Finding] = []
        for finding in (finding for check in self.checks for finding in check.findings):
            if finding not in found:
                found.append(finding)
        return tuple(found)

    def count(self, severity: Severity) -> int:
        """Return how many findings have a severity."""
        return sum(finding.severity is severity for finding in self.findings)


def guarded(group: str, name: str, look: Callable[[], Iterable[Check]]) -> Iterator[Check]:
    """Yield what a look answers; a failure of it is one more thing that is wrong, and stops no other look."""
    from devkit.errors import DevkitError

    try:
        yield from tuple(look())
    except DevkitError as error:
        yield Check(group=group, name=name, findings=(as_finding(error),))


def as_finding(error: DevkitError, severity: Severity = Severity.ERROR) -> Finding:
    """Return a failure as a finding."""
    return Finding(code=error.kind.code, message=error.message, severity=severity, place=error.place, help=error.help)
