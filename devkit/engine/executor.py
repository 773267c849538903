"""Running tasks side by side: this thread starts them, tells of them and hears signals; others run them."""

from __future__ import annotations

import os
import threading
import time
from enum import Enum, auto
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from devkit.api.tasks import Outcome, TaskOutcome
from devkit.engine.group import GRACE, Stopped
from devkit.engine.runner import Performed, perform
from devkit.engine.schedule import Schedule
from devkit.engine.signals import Interrupted, noticed
from devkit.engine.skipping import AlwaysRun
from devkit.engine.tasklocks import outputs_locked
from devkit.errors import PLUGIN_FAILED, DevkitError
from devkit.report.events import Noted, TaskEnded, TaskOutput, TaskStarted, Ticked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from devkit.api.tasks import Task
    from devkit.engine.runner import Run, Runnable
    from devkit.engine.skipping import Freshness
    from devkit.engine.taskcontext import Surroundings
    from devkit.report.events import Event

_MOST_WAITING = 64
"""Pieces of output that may wait to be shown; tasks that print faster are held up."""
_TICK = 0.1
_PATIENCE = GRACE + 0.5
"""Seconds that tasks have to end when they are stopped; code of a plugin that takes longer ends with the process."""


class OnFailure(Enum):
    """What a failing task means for the others: those that run end first, all that can go on do, or all stop."""

    FINISH = auto()
    KEEP_GOING = auto()
    FAIL_FAST = auto()


class Policy(Struct, frozen=True, kw_only=True):
    """How tasks are run: how many at once, what a failure means, and which need not run."""

    jobs: int = 1
    on_failure: OnFailure = OnFailure.FINISH
    freshness: Freshness = field(default_factory=AlwaysRun)


def processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def run_tasks(
    runnables: Sequence[Runnable], surroundings: Surroundings, run: Run, policy: Policy | None = None
) -> None:
    """Run tasks, given in an order in which they may run, and put how they went into `run`.

    A signal stops what runs and raises `Interrupted`. Nothing that a task started is left running.
    """
    execution = _Execution(runnables, surroundings, run, policy or Policy())
    with noticed(execution.hear_signal, _PATIENCE + GRACE):
        execution.go()
    if execution.signal:  # it came when nothing ran any more
        raise Interrupted(execution.signal)


class _Execution:
    """One run of tasks; only the methods that say so are called by the threads that run them."""

    def __init__(self, runnables: Sequence[Runnable], surroundings: Surroundings, run: Run, policy: Policy) -> None:
        self._runnables = {runnable.task.name: runnable for runnable in runnables}
        self._schedule = Schedule([runnable.task for runnable in runnables])
        self._run = run
        self._policy = policy
        self._tell = surroundings.tell
        self.signal = 0
        self._stop = threading.Event()
        self._deadline = 0.0
        self._inbox: SimpleQueue[Event | Performed | int] = SimpleQueue()
        self._slots = threading.Semaphore(_MOST_WAITING)
        self._running: set[str] = set()
        self._outbox: SimpleQueue[Runnable | None] = SimpleQueue()
        self._workers = 0
        self._inside = replace(
            surroundings, tell=self._pass_on, is_stopped=self._stop.is_set, environ=dict(os.environ)
        )

    def hear_signal(self, number: int) -> None:
        """Note that a signal came; safe at any moment."""
        self.signal = number
        self._inbox.put(number)

    def go(self) -> None:
        """Run everything that may run."""
        try:
            self._start_what_may()
            while self._running or not self._inbox.empty():
                self._hear(self._next())
                self._start_what_may()
            self._block(self._schedule.rest())
        finally:
            self._stop_all()
            self._wind_up()
            for _ in range(self._workers):
                self._outbox.put(None)

    def _start_what_may(self) -> None:
        while len(self._running) < self._policy.jobs and self._goes_on():
            name = self._schedule.start()
            if name is None:
                return
            self._running.add(name)
            self._outbox.put(self._runnables[name])
            if self._workers < len(self._running):
                self._workers += 1
                threading.Thread(target=self._work, daemon=True).start()

    def _goes_on(self) -> bool:
        has_failed = bool(self._run.failures) and self._policy.on_failure is not OnFailure.KEEP_GOING
        return not (has_failed or self._stop.is_set())

    def _next(self, timeout: float = _TICK) -> Event | Performed | int:
        try:
            return self._inbox.get(timeout=timeout)
        except Empty:
            return Ticked()

    def _hear(self, message: Event | Performed | int) -> None:
        match message:
            case int(number):
                self._stop_for(number)
            case Performed():
                self._ended(message)
            case TaskOutput():
                self._slots.release()
                self._tell(message)
            case _:
                self._tell(message)

    def _stop_for(self, number: int) -> None:
        """Stop what runs, tell how it ended, and raise."""
        self._stop_all()
        while self._running and (left := self._deadline - time.monotonic()) > 0:
            message = self._next(min(left, _TICK))
            if not isinstance(message, int):
                self._hear(message)
        raise Interrupted(number)

    def _stop_all(self) -> None:
        """Have what runs stop, and give it some time for that."""
        if not self._stop.is_set():
            self._deadline = time.monotonic() + _PATIENCE
            self._stop.set()

    def _ended(self, message: Performed) -> None:
        outcome = message.outcome
        self._running.discard(outcome.task)
        self._run.outcomes.append(outcome)
        if message.evidence is not None:
            self._run.evidence[outcome.task] = message.evidence
        if message.failure is not None:
            self._run.failures.append(message.failure)
            if self._policy.on_failure is OnFailure.FAIL_FAST:
                self._stop_all()
        self._tell(TaskEnded(outcome))
        blocked = self._schedule.end(outcome.task, is_good=outcome.outcome.is_good)
        if self._run.failures:  # after a signal, nobody wants a line for each task that did not start
            self._block(blocked, outcome.task if outcome.outcome is Outcome.FAILED else "")

    def _block(self, names: Sequence[str], failed: str = "") -> None:
        """Tell of tasks that will not run because the named one, which they need, failed, or any at all."""
        first = next((each.task for each in self._run.outcomes if each.outcome is Outcome.FAILED), "")
        reason = f"`{failed}` failed" if failed else f"not started, since `{first}` failed"
        for name in names:
            outcome = TaskOutcome(task=name, outcome=Outcome.BLOCKED, reason=reason)
            self._run.outcomes.append(outcome)
            self._tell(TaskEnded(outcome))

    def _wind_up(self) -> None:
        """Wait for what still runs, when telling of it failed; nobody hears of it any more."""
        while self._running and (left := self._deadline - time.monotonic()) > 0:
            message = self._next(min(left, _TICK))
            if isinstance(message, Performed):
                self._running.discard(message.outcome.task)
            elif isinstance(message, TaskOutput):
                self._slots.release()

    def _work(self) -> None:
        """Run one task after the other; the work of a thread."""
        while (runnable := self._outbox.get()) is not None:
            self._inbox.put(self._ended_somehow(runnable))

    def _ended_somehow(self, runnable: Runnable) -> Performed:
        """Run one task, whatever comes of it; called by a thread."""
        task = runnable.task
        try:
            return self._done(runnable)
        except DevkitError as error:
            return _failed(task, error)
        except Stopped:
            return Performed(TaskOutcome(task=task.name, outcome=Outcome.INTERRUPTED))
        except BaseException as problem:  # noqa: BLE001 - the run must hear of the end of every task
            text = f"`{task.name}` failed: {type(problem).__name__}: {problem}"
            return _failed(task, DevkitError(PLUGIN_FAILED, text, help="report it to the plugin's authors"))

    def _done(self, runnable: Runnable) -> Performed:
        """Run one task unless it is fresh; called by a thread."""
        task, freshness = runnable.task, self._policy.freshness
        with outputs_locked(self._inside.root, task, self._tell_of_waiting, self._stop.is_set) as handles:
            verdict = freshness.check(task)
            if verdict.is_fresh:
                return Performed(TaskOutcome(task=task.name, outcome=Outcome.SKIPPED, reason=verdict.reason))
            self._pass_on(TaskStarted(task))
            inside = replace(self._inside, handles=handles) if handles else self._inside
            done = perform(runnable, inside, verdict.reason)
            if done.outcome.outcome.is_good:
                freshness.finished(task)
            return done

    def _tell_of_waiting(self, task: Task, holder: str) -> None:
        self._pass_on(Noted(f"`{task.name}` waits for {holder}, which makes the same"))

    def _pass_on(self, event: Event) -> None:
        """Have an event told by the run's own thread; called by the threads of tasks."""
        if isinstance(event, TaskOutput):
            while not self._slots.acquire(timeout=_TICK):
                if self._stop.is_set():
                    raise Stopped
        self._inbox.put(event)


def _failed(task: Task, error: DevkitError) -> Performed:
    outcome = TaskOutcome(task=task.name, outcome=Outcome.FAILED, reason=error.message, code=error.kind.code)
    return Performed(outcome, error)
