"""What is at a path, and the verdict on it, as data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from devkit.api.actions import Verdict

if TYPE_CHECKING:
    from devkit.plan.baseline import Entry
    from devkit.project.state import FileState


class OnDisk(Struct, frozen=True, kw_only=True):
    """What is at a path now: its state, its content when it is a file, and why it may be missing.

    `absence` is `"ignored"` when git ignores the path (a clone never had it), `"sparse"` when a sparse
    checkout leaves it out, `"deleted"` otherwise.
    """

    state: FileState
    content: bytes | None = None
    absence: str = "deleted"


class Dispute(Struct, frozen=True, kw_only=True):
    """What the user can settle a conflict with.

    `settled` is the file with all that does not conflict, `wanted` the same with devkit's side of the conflict,
    `inline` the same with both sides between markers; `entry` is the baseline's line once the user has both.
    """

    settled: bytes
    wanted: bytes
    inline: bytes | None = None
    entry: Entry | None = None


class FilePlan(Struct, frozen=True, kw_only=True):
    """The verdict on one path.

    `content` is what the file will hold (`None`: it goes, or stays untouched when the verdict changes
    nothing), `executable` `None` keeps its mode; `entry` is the baseline's next line (`None`: it goes);
    `dispute` is there when a conflict can be written down.
    """

    path: str
    verdict: Verdict
    owners: tuple[str, ...]
    before: OnDisk
    reason: str = ""
    content: bytes | None = None
    executable: bool | None = None
    entry: Entry | None = None
    dispute: Dispute | None = None

    @property
    def changes_file(self) -> bool:
        """Whether applying touches the file."""
        return self.verdict is Verdict.REMOVE or self.content is not None
