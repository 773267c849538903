"""Known weaknesses of an image: what Trivy or Grype finds, held against the policy of the project."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from devkit.api import IMAGE_VULNERABLE, SCAN_UNREADABLE, SCANNER_MISSING, DevkitError
from devkit_build.imagefile import read_image

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from devkit.api import TaskContext

_LEVELS = ("unknown", "negligible", "low", "medium", "high", "critical")
_NAMED = 5
_LONGEST = timedelta(days=5)
"""How old a database may be that is not updated: what Grype takes, unless it is told otherwise."""


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


class _Scanner(Struct, frozen=True, kw_only=True):
    """A scanner: what it is asked for, what keeps it off the network, what fetches its database, how it reports.

    `age` asks how old its database is, empty where it refuses an old one by itself.
    """

    arguments: Sequence[str]
    offline: Mapping[str, str]
    age: Sequence[str] = ()
    update: str
    read: Callable[[Mapping[str, Any]], list[Weakness]]


_SCANNERS: Mapping[str, _Scanner] = {
    "trivy": _Scanner(
        arguments=("image", "--format=json", "--quiet", "--scanners=vuln"),
        offline={
            "TRIVY_OFFLINE_SCAN": "true",
            "TRIVY_SKIP_DB_UPDATE": "true",
            "TRIVY_SKIP_JAVA_DB_UPDATE": "true",
            "TRIVY_SKIP_VERSION_CHECK": "true",
            "TRIVY_IMAGE_SRC": "docker,containerd,podman",
        },
        age=("version", "--format=json"),
        update="trivy image --download-db-only",
        read=read_trivy,
    ),
    "grype": _Scanner(
        arguments=("--output=json", "--quiet"),
        offline={
            "GRYPE_DB_AUTO_UPDATE": "false",
            "GRYPE_CHECK_FOR_APP_UPDATE": "false",
            "GRYPE_DEFAULT_IMAGE_PULL_SOURCE": "docker",
        },
        update="grype db update",
        read=read_grype,
    ),
}


def _scan(context: TaskContext, reference: str) -> tuple[str, list[Weakness]]:
    name = next((name for name in _SCANNERS if context.which(name)), None)
    if name is None:
        message = "neither Trivy nor Grype is installed"
        raise DevkitError(SCANNER_MISSING, message, help="trivy.dev or github.com/anchore/grype say how")
    scanner = _SCANNERS[name]
    text = _asked(context, scanner, [name, *scanner.arguments, "--", reference])
    if context.offline and scanner.age:
        _refuse_old(_asked(context, scanner, [name, *scanner.age]), scanner)
    try:
        return name, scanner.read(json.loads(text))
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        message = f"the report of {name} is not as it should be: {type(problem).__name__}"
        raise DevkitError(SCAN_UNREADABLE, message, help=f"update {name}, or report this") from problem


def _asked(context: TaskContext, scanner: _Scanner, words: Sequence[str]) -> str:
    """Return what a scanner prints."""
    code, text, problems = context.capture(words, env=scanner.offline if context.offline else None)
    if code != 0:
        last = next((line for line in reversed(problems.splitlines()) if line.strip()), f"exit code {code}")
        help_text = f"its database may need the network: {scanner.update}"
        raise DevkitError(SCAN_UNREADABLE, f"{words[0]} failed: {last.strip()}", help=help_text)
    return text


def _refuse_old(about: str, scanner: _Scanner) -> None:
    """Raise SCAN_UNREADABLE when Trivy's database is too old, or its age is not in what Trivy says of itself."""
    try:
        updated = date.fromisoformat(json.loads(about)["VulnerabilityDB"]["UpdatedAt"][:10])
    except (ValueError, KeyError, TypeError) as problem:
        message = "trivy does not say how old its database is"
        raise DevkitError(SCAN_UNREADABLE, message, help=scanner.update) from problem
    if datetime.now(UTC).date() - updated > _LONGEST:
        message = f"the database of trivy is of {updated}, older than {_LONGEST.days} days"
        raise DevkitError(SCAN_UNREADABLE, message, help=f"with the network: {scanner.update}")


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
