"""Which tasks may start, as those that they need end; pure."""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from devkit.api.tasks import Task


class Schedule:
    """Tasks in an order of running, of which each may start when what it needs has ended.

    An optional need is waited for, however it ends; any other has to end well.
    """

    def __init__(self, tasks: Sequence[Task]) -> None:
        self._names = [task.name for task in tasks]
        self._places = {name: place for place, name in enumerate(self._names)}
        self._waiting = {task.name: self._needs(task) for task in tasks}
        self._followers: dict[str, list[tuple[str, bool]]] = {name: [] for name in self._names}
        for name, needs in self._waiting.items():
            for need, is_optional in needs.items():
                self._followers[need].append((name, is_optional))
        self._ready = [self._places[name] for name, needs in self._waiting.items() if not needs]
        heapify(self._ready)
        self._open = set(self._names)

    def start(self) -> str | None:
        """Take the first task that may start now, if there is one."""
        if not self._ready:
            return None
        name = self._names[heappop(self._ready)]
        self._open.discard(name)
        return name

    def end(self, name: str, *, is_good: bool) -> list[str]:
        """Note that a task has ended; return the tasks that now can never start, in their order."""
        blocked: list[str] = []
        pending = [(name, is_good)]
        while pending:
            ended, went_well = pending.pop()
            for follower, is_optional in self._followers[ended]:
                self._waiting[follower].pop(ended, None)
                if follower not in self._open:
                    continue
                if not (went_well or is_optional):
                    self._open.discard(follower)
                    blocked.append(follower)
                    pending.append((follower, False))
                elif not self._waiting[follower]:
                    heappush(self._ready, self._places[follower])
        return sorted(blocked, key=self._places.__getitem__)

    def rest(self) -> list[str]:
        """Return the tasks that have neither been started nor been blocked, in their order."""
        return [name for name in self._names if name in self._open]

    def _needs(self, task: Task) -> dict[str, bool]:
        """Return the needs of a task that are among the tasks, and whether each is optional."""
        found = {need.removesuffix("?"): need.endswith("?") for need in task.needs}
        return {need: is_optional for need, is_optional in found.items() if need in self._places}
