from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from devkit.plan.decide import decide, decide_orphan
from devkit.plan.desired import Contribution, desired_files
from devkit.plan.fileplan import FilePlan, OnDisk
from devkit.project.state import ABSENT, FileState, digest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from devkit.api.actions import FileAction
    from devkit.api.values import KeyPath
    from devkit.plan.baseline import Entry


@dataclass
class Simulation:
    """One file on a simulated disk, with its baseline, and stages that contribute to it."""

    content: bytes | None = None
    mode: int = 0o644
    absence: str = "deleted"
    base: Entry | None = None
    ejected: Sequence[KeyPath] = field(default_factory=tuple)

    @property
    def disk(self) -> OnDisk:
        """What is there, as the plan is told."""
        if self.content is None:
            return OnDisk(state=ABSENT, absence=self.absence)
        state = FileState(kind="file", digest=digest(self.content), mode=self.mode)
        return OnDisk(state=state, content=self.content)

    @property
    def text(self) -> str:
        """The file's text; it must be there."""
        assert self.content is not None
        return self.content.decode()

    def plan(self, *actions: FileAction) -> FilePlan:
        """Return the verdict when these actions are wanted, each by a stage of its own (`one`, `two`, …)."""
        names = ("one", "two", "three", "four")
        wanted = [
            Contribution(stage=action.stage or name, plugin=f"plugin {name}", action=action)
            for name, action in zip(names, actions, strict=False)
        ]
        found = desired_files(wanted)
        for desired in found.values():
            return decide(desired, self.base, self.disk, self.ejected)
        assert self.base is not None
        return decide_orphan(self.base, self.disk, self.ejected)

    def apply(self, *actions: FileAction) -> FilePlan:
        """Make the plan true, as the engine does; return it."""
        plan = self.plan(*actions)
        if plan.changes_file:
            self.content = plan.content
            if plan.executable is not None:
                self.mode = 0o755 if plan.executable else 0o644
        self.base = plan.entry
        return plan

    def edit(self, old: str, new: str) -> None:
        """Edit the file as a user would; `old` must be in it."""
        assert old in self.text
        self.content = self.text.replace(old, new, 1).encode()


@pytest.fixture
def disk() -> Simulation:
    """A disk with nothing on it."""
    return Simulation()
