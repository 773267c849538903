"""A conflict written down for the user to settle: markers in the file, or the generator's change beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from devkit.api.actions import Verdict
from devkit.plan.diff import unified
from devkit.plan.fileplan import FilePlan
from devkit.plan.splice import format_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from devkit.plan.fileplan import Dispute, OnDisk


def reject_path(path: str) -> str:
    """Return the path of the file that holds what conflicts in another one."""
    return f"{path}.rej"


def written_conflict(file: FilePlan, beside: OnDisk, *, is_inline: bool) -> Sequence[FilePlan]:
    """Return what takes a conflict's place: the baseline moves on, since the user has both versions now.

    `beside` is what is at the path of the `.rej`; one that is there holds an earlier conflict, and the new one
    stays. Structured files, which tools must still read, always get the `.rej`; a conflict that is not about
    the file's content stays.
    """
    dispute = file.dispute
    if file.verdict is not Verdict.CONFLICT or dispute is None:
        return (file,)
    if is_inline and dispute.inline is not None and format_of(file.path) is None:
        reason = "conflict markers show both versions"
        return (replace(file, verdict=Verdict.MERGE, content=dispute.inline, entry=dispute.entry, reason=reason),)
    if beside.state.kind != "absent":
        reason = f"{file.reason}, and {reject_path(file.path)} still holds an earlier conflict"
        return (replace(file, reason=reason),)
    return (_settled(file, dispute), _reject(file, dispute, beside))


def _settled(file: FilePlan, dispute: Dispute) -> FilePlan:
    reason = f"yours is kept; the generator's change is in {reject_path(file.path)}"
    settled = replace(file, verdict=Verdict.IDENTICAL, entry=dispute.entry, dispute=None, reason=reason)
    if dispute.settled == file.before.content and file.executable is None:
        return settled
    return replace(settled, verdict=Verdict.MERGE, content=dispute.settled)


def _reject(file: FilePlan, dispute: Dispute, beside: OnDisk) -> FilePlan:
    return FilePlan(
        path=reject_path(file.path),
        verdict=Verdict.CREATE,
        owners=file.owners,
        before=beside,
        content=unified(file.path, _text(dispute.settled), dispute.wanted).encode(),
        executable=False,
        reason="delete it when you have taken from it what you want",
    )


def _text(content: bytes) -> bytes | None:
    """Return a content that can be compared line by line, or nothing."""
    try:
        content.decode()
    except UnicodeDecodeError:
        return None
    return content
