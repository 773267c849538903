"""Known weaknesses of an image: what Trivy or Grype finds, held against the policy of the project."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from devkit.api import IMAGE_VULNERABLE, SCAN_UNREADABLE, SCANNER_MISSING, DevkitError
from devkit_build.imagefile import read_image

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from devkit.api import TaskContext

_LEVELS = ("unknown", "negligible", "low", "medium", "high", "critical")
_NAMED = 5


class Weakness(Struct, frozen=True, order=True, kw_only=True):
    """A known weakness of a package in an image; `fixed` is the version without it, empty when there is none."""

    id: str
    package: str
    version: str
    severity: str
    fixed: str = ""


class Policy(Struct, frozen=True, kw_only=True):
    """What is not accepted: weaknesses from a severity on, but for exceptions, each with a reason and a last day."""

    severity: str
    fixable_only: bool
    exceptions: Mapping[str, Mapping[str, str]]

    def broken_by(self, found: Iterable[Weakness], today: date) -> list[Weakness]:
        """Return those that are not accepted, the worst first."""
        excepted = {name for name, exception in self.exceptions.items() if _until(name, exception) >= today}
        least = _LEVELS.index(self.severity)
        broken = {
            one
            for one in found
            if _level(one) >= least and one.id not in excepted and (one.fixed or not self.fixable_only)
        }
        return sorted(broken, key=lambda one: (-_level(one), one))

    def expired(self, today: date) -> list[str]:
        """Return the exceptions that are over."""
        return sorted(name for name, exception in self.exceptions.items() if _until(name, exception) < today)


def scan_image(
    context: TaskContext, *, severity: str, fixable_only: bool, exceptions: Mapping[str, Mapping[str, str]]
) -> None:
    """Hold the image that was built last against the policy; IMAGE_VULNERABLE when it does not pass."""
    policy = Policy(severity=severity, fixable_only=fixable_only, exceptions=exceptions)
    today = datetime.now(UTC).date()
    for name in policy.expired(today):
        context.say(f"the exception for {name} is over")
    image = read_image(context.root)
    scanner, found = _scan(context, image.reference)
    for level in reversed(_LEVELS):
        context.record(level, sum(one.severity == level for one in found))
    broken = policy.broken_by(found, today)
    for one in broken:
        context.say(_line(one))
    if broken:
        message = f"{scanner} finds {len(broken)} weaknesses in `{image.reference}` that the policy does not accept"
        named = "; ".join(f"{one.id} in {one.package}" for one in broken[:_NAMED])
        help_text = f"{named}; update them, or except one: [tool.devkit.build.exceptions.{broken[0].id}]"
        raise DevkitError(IMAGE_VULNERABLE, message, help=help_text, state="the image is built")
    context.say(f"{scanner} finds {len(found)} weaknesses, none of which the policy forbids")


def read_trivy(document: Mapping[str, Any]) -> list[Weakness]:
    """Return the weaknesses in a report of Trivy (`--format json`)."""
    return [
        Weakness(
            id=str(one["VulnerabilityID"]),
            package=str(one["PkgName"]),
            version=str(one.get("InstalledVersion", "")),
            severity=str(one.get("Severity", "unknown")).lower(),
            fixed=str(one.get("FixedVersion") or ""),
        )
        for result in document.get("Results") or ()
        for one in result.get("Vulnerabilities") or ()
    ]


def read_grype(document: Mapping[str, Any]) -> list[Weakness]:
    """Return the weaknesses in a report of Grype (`--output json`)."""
    return [
        Weakness(
            id=str(match["vulnerability"]["id"]),
            package=str(match["artifact"]["name"]),
            version=str(match["artifact"].get("version", "")),
            severity=str(match["vulnerability"].get("severity", "unknown")).lower(),
            fixed=", ".join((match["vulnerability"].get("fix") or {}).get("versions") or ()),
        )
        for match in document["matches"]
    ]


_SCANNERS: Mapping[str, tuple[Sequence[str], Sequence[str], Callable[[Mapping[str, Any]], list[Weakness]]]] = {
    "trivy": (
        ("image", "--format=json", "--quiet", "--scanners=vuln"),
        ("--offline-scan", "--skip-db-update"),
        read_trivy,
    ),
    "grype": (("--output=json", "--quiet"), (), read_grype),
}


def _scan(context: TaskContext, reference: str) -> tuple[str, list[Weakness]]:
    name = next((name for name in _SCANNERS if context.which(name)), None)
    if name is None:
        message = "neither Trivy nor Grype is installed"
        raise DevkitError(SCANNER_MISSING, message, help="trivy.dev or github.com/anchore/grype say how")
    arguments, offline, read = _SCANNERS[name]
    words = [name, *arguments, *(offline if context.offline else ()), "--", reference]
    code, text, problems = context.capture(words)
    if code != 0:
        last = next((line for line in reversed(problems.splitlines()) if line.strip()), f"exit code {code}")
        raise DevkitError(SCAN_UNREADABLE, f"{name} failed: {last.strip()}", help="its database may need the network")
    try:
        return name, read(json.loads(text))
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        message = f"the report of {name} is not as it should be: {type(problem).__name__}"
        raise DevkitError(SCAN_UNREADABLE, message, help=f"update {name}, or report this") from problem


def _until(name: str, exception: Mapping[str, str]) -> date:
    if not exception.get("reason"):
        raise DevkitError(SCAN_UNREADABLE, f"the exception for `{name}` has no reason", help='reason = "…"')
    try:
        return date.fromisoformat(exception.get("until", ""))
    except ValueError as problem:
        message = f"the exception for `{name}` has no last day"
        raise DevkitError(SCAN_UNREADABLE, message, help='until = "YYYY-MM-DD"') from problem


def _level(weakness: Weakness) -> int:
    return _LEVELS.index(weakness.severity) if weakness.severity in _LEVELS else 0


def _line(weakness: Weakness) -> str:
    fixed = f", fixed in {weakness.fixed}" if weakness.fixed else ", not fixed yet"
    return f"{weakness.severity:<8} {weakness.id} {weakness.package} {weakness.version}{fixed}"
