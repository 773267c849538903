"""A conflict written down for the user to settle: markers in the file, or the generator's change beside it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from devkit.api.actions import Verdict
from devkit.plan.decide import FilePlan, OnDisk
from devkit.plan.diff import unified
from devkit.plan.splice import format_of
from devkit.project.state import ABSENT

if TYPE_CHECKING:
    from collections.abc import Sequence


def written_conflict(file: FilePlan, *, is_inline: bool) -> Sequence[FilePlan]:
    """Return what takes a conflict's place: the baseline moves on, since the user has both versions now.

    Structured files, which tools must still read, always get the `.rej` beside them; a conflict that is not
    about the file's text stays.
    """
    if file.verdict is not Verdict.CONFLICT or file.wanted is None:
        return (file,)
    if is_inline and file.inline is not None and format_of(file.path) is None:
        reason = "conflict markers show both versions"
        return (replace(file, verdict=Verdict.MERGE, content=file.inline, entry=file.resolved, reason=reason),)
    return (_settled(file), _reject(file))


def _settled(file: FilePlan) -> FilePlan:
    reason = f"yours is kept; the generator's change is in {file.path}.rej"
    return replace(file, verdict=Verdict.IDENTICAL, entry=file.resolved, reason=reason)


def _reject(file: FilePlan) -> FilePlan:
    diff = unified(file.path, file.before.content, file.wanted).encode()
    return FilePlan(
        path=f"{file.path}.rej",
        verdict=Verdict.CREATE,
        owners=file.owners,
        before=OnDisk(state=ABSENT),
        content=diff,
        executable=False,
        reason="delete it when you have taken from it what you want",
    )
