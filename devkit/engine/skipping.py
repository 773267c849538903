"""Whether a task has to run at all: the question that the executor asks, and the answer of who does not know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Collection

    from devkit.api.tasks import Task


class Verdict(Struct, frozen=True):
    """Whether what a task would make is there already, and why, or why not, in a few words (`""`: nothing to say)."""

    is_fresh: bool
    reason: str = ""


class Freshness(Protocol):
    """What knows whether tasks are up to date; asked by several threads at once."""

    def check(self, task: Task) -> Verdict:
        """Say whether a task, whose needs have ended and whose outputs nobody else writes now, may be skipped."""
        ...

    def finished(self, task: Task) -> None:
        """Remember what a task has read and made, now that it has ended well."""
        ...


class Resumed:
    """Of a run that goes on: what was done in it is not done again, unless it is known to have changed.

    Of a task without inputs nothing is known; it is done, when nothing that it needs had to run again.
    """

    def __init__(self, inner: Freshness, done: Collection[str]) -> None:
        self._inner = inner
        self._done = done
        self._running: set[str] = set()

    def check(self, task: Task) -> Verdict:
        """Say whether a task was done, or is fresh anyway."""
        verdict = self._inner.check(task)
        if verdict.is_fresh:
            return verdict
        needs = {need.removesuffix("?") for need in task.needs}
        if task.name in self._done and not task.inputs and not self._running.intersection(needs):
            return Verdict(is_fresh=True, reason="done before the run was stopped")
        self._running.add(task.name)
        return verdict

    def finished(self, task: Task) -> None:
        """Remember what a task has read and made."""
        self._inner.finished(task)


class AlwaysRun:
    """Every task runs."""

    def check(self, task: Task) -> Verdict:  # noqa: ARG002 - every task alike
        """Say that the task has to run."""
        return Verdict(is_fresh=False)

    def finished(self, task: Task) -> None:
        """Remember nothing."""
