"""What `devkit doctor` looks at on the machine: git, and the tools that the project's stages declare."""

from __future__ import annotations

from typing import TYPE_CHECKING

from devkit.api.findings import Finding, Severity
from devkit.api.tools import Remedy, Tool
from devkit.engine.git import Git
from devkit.engine.probing import find_tools
from devkit.engine.taskchecks import remedy
from devkit.errors import NO_GIT, TOOL_MISSING, TOOL_VERSION, DevkitError
from devkit.session.diagnosis import MACHINE, Check, as_finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from devkit.engine.probing import Found

GIT = Tool(
    name="git",
    version=">=2.30",
    remedies=(
        Remedy(needs="brew", command="brew install git"),
        Remedy(needs="apt-get", command="sudo apt-get install git"),
        Remedy(needs="dnf", command="sudo dnf install git"),
        Remedy(needs="apk", command="sudo apk add git"),
    ),
    install="https://git-scm.com/downloads",
)
"""The git that devkit works with: 2.28 knows the name of the first branch, 2.30 is what old releases have."""


def look_at_git(folder: Path, *, is_project: bool) -> Iterator[Check]:
    """Yield whether git is there, in a version that does, and knows who commits."""
    [found] = find_tools([GIT], folder, is_project=is_project)
    yield _check(GIT, found, missing=NO_GIT.code)
    if found is not None:
        yield _identity(folder)


def look_at_tools(tools: Sequence[Tool], root: Path) -> Iterator[Check]:
    """Yield for each declared tool whether it is there, in a version that does."""
    for tool, found in zip(tools, find_tools(tools, root), strict=True):
        yield _check(tool, found, missing=TOOL_MISSING.code)


def _check(tool: Tool, found: Found | None, *, missing: str) -> Check:
    findings = tuple(_findings(tool, found, missing))
    return Check(group=MACHINE, name=tool.name, detail=_detail(tool, found), findings=findings)


def _findings(tool: Tool, found: Found | None, missing: str) -> Iterator[Finding]:
    if found is not None and found.is_right:
        return
    is_missing = found is None
    yield Finding(
        code=missing if is_missing else TOOL_VERSION.code,
        message=f"`{tool.name}` {_state(found)}{_wish(tool)}",
        severity=Severity.INFO if tool.is_optional else Severity.ERROR,
        place=tool.place,
        help=remedy(tool),
    )


def _state(found: Found | None) -> str:
    if found is None:
        return "is not on PATH"
    return f"is {found.version}" if found.version else f"does not say its version ({found.path})"


def _wish(tool: Tool) -> str:
    wanted = f"`{tool.version}`" if tool.version else "it"
    if tool.place is None:
        return f", and {wanted} is needed" if tool.version else ""
    return f", and `{tool.place.path}` asks for {wanted}"


def _detail(tool: Tool, found: Found | None) -> str:
    there = "missing" if found is None else found.version or found.path
    wish = " in ".join(filter(None, (tool.version, _where(tool))))
    return f"{there} ({wish})" if wish else there


def _where(tool: Tool) -> str:
    if tool.place is None:
        return ""
    return tool.place.path if tool.place.line is None else f"{tool.place.path}:{tool.place.line}"


def _identity(folder: Path) -> Check:
    try:
        Git(folder).require_identity()
    except DevkitError as error:
        return Check(group=MACHINE, name="git identity", findings=(as_finding(error, Severity.WARNING),))
    return Check(group=MACHINE, name="git identity", detail="git knows who commits")
