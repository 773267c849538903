"""`devkit run --watch`: run, wait until a file changes that a task reads, and run again what it touches."""

from __future__ import annotations

import json
import os
import tempfile
from typing import TYPE_CHECKING, NoReturn

from devkit.engine.signals import Interrupted
from devkit.engine.supervisor import STOPPED
from devkit.engine.watching import Child, Watcher, own_command
from devkit.errors import DevkitError
from devkit.plan.affected import affected
from devkit.project.root import LOCK_FILE
from devkit.report.events import Noted

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from devkit.api.tasks import Task
    from devkit.plan.plan import Plan
    from devkit.session.session import Session

    Selector = Callable[[], tuple[Plan, Sequence[Task]]]

_SETTINGS = ("pyproject.toml", "devkit.toml", "devkit.local.toml", LOCK_FILE)
_NAMED = 3


class Watch:
    """One watched run: each turn is a devkit of its own, so that changed settings and plugins count at once.

    `words` are those of its command line; `select` gives the plan of the project as it is now, and the tasks meant.
    """

    def __init__(self, session: Session, words: Sequence[str], select: Selector) -> None:
        self._session = session
        self._select = select
        handle, self._events = tempfile.mkstemp(prefix="devkit-watch-")
        os.close(handle)
        end = words.index("--") if "--" in words else len(words)
        self._argv = [*own_command(), *words[:end], "--events", self._events, *words[end:]]
        self._tasks: Sequence[Task] = ()
        self._child: Child | None = None

    def go(self) -> NoReturn:
        """Run and watch until a signal comes, which leaves nothing running."""
        try:
            while True:
                self._turn()
        except Interrupted as interruption:
            interruption.state, interruption.is_the_end = STOPPED, True
            raise
        finally:
            if self._child is not None:
                self._child.stop()
            os.unlink(self._events)

    def _turn(self) -> None:
        watcher = self._watcher()
        before = watcher.look()
        os.truncate(self._events, 0)
        self._child = Child(self._argv)
        changed = self._until_change(watcher, before)
        names = ", ".join(changed[:_NAMED]) + (f" and {len(changed) - _NAMED} more" if len(changed) > _NAMED else "")
        self._session.tell(Noted(f"changed: {names}"))

    def _until_change(self, watcher: Watcher, before: dict[str, str]) -> tuple[str, ...]:
        """Return what changed, when nothing runs any more: what runs is stopped if the change is about it."""
        changed: tuple[str, ...] = ()
        is_waiting = True
        while not changed or self._is_running():
            if is_waiting and not self._is_running():
                is_waiting = False
                self._session.tell(Noted("watching for changes; Ctrl-C ends it"))
            watcher.pause()
            changed = watcher.changes(before) or changed
            if changed and self._child is not None and self._touches_running(changed):
                self._child.stop()
        return changed

    def _is_running(self) -> bool:
        return self._child is not None and self._child.is_running

    def _touches_running(self, changed: Collection[str]) -> bool:
        touched = affected(self._tasks, changed)
        return any(path in _SETTINGS for path in changed) or bool(self._running().intersection(touched))

    def _running(self) -> set[str]:
        """Return the tasks that have begun and not ended, as the running devkit tells."""
        running: set[str] = set()
        for line in _lines(self._events):
            match json.loads(line):
                case {"event": "TaskStarted", "task": str(name)}:
                    running.add(name)
                case {"event": "TaskEnded", "outcome": {"task": str(name)}}:
                    running.discard(name)
        return running

    def _watcher(self) -> Watcher:
        """Return what watches for the tasks as they are configured now, or were when that was last in order."""
        try:
            plan, self._tasks = self._select()
        except DevkitError:  # the devkit that runs them tells of it
            return Watcher(self._session.root, [p for task in self._tasks for p in task.inputs], (), _SETTINGS)
        patterns = list(dict.fromkeys(pattern for task in self._tasks for pattern in task.inputs))
        outputs = list(dict.fromkeys(path for each in plan.tasks.values() for path in each.task.outputs))
        return Watcher(self._session.root, patterns, outputs, _SETTINGS)


def _lines(path: str) -> list[str]:
    """Return the complete lines of a file that grows."""
    try:
        with open(path, encoding="utf-8") as file:
            return [line for line in file if line.endswith("\n")]
    except OSError:
        return []
