"""Signals that end a run, turned into one exception."""

from __future__ import annotations

import os
import signal
import threading
import time
from contextlib import contextmanager
from signal import Signals
from typing import TYPE_CHECKING, Any

from devkit.errors import HUNG_UP, INTERRUPTED, NOTHING_CHANGED, TERMINATED, Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ENDING = tuple(Signals[name] for name in ("SIGINT", "SIGTERM", "SIGHUP") if name in Signals.__members__)

WATCHED = "_DEVKIT_WATCHED"
"""The variable by which a run knows that `--watch` started it: being ended by that, to run anew, is no failure."""


class Interrupted(BaseException):
    """A signal asked the run to end; `signal` is the one that came first, `kind` what to report it as.

    `state` is the truth about the tree; whoever catches the exception and knows better sets it. `is_the_end` says
    that a signal is how such a run ends, which is no failure to tell of.
    """

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.signal = Signals(number)
        self.state = NOTHING_CHANGED
        self.is_the_end = False

    @property
    def kind(self) -> Kind:
        """The kind of failure, whose exit code is 128 and the signal's number."""
        return {Signals.SIGINT: INTERRUPTED, Signals.SIGTERM: TERMINATED}.get(self.signal, HUNG_UP)


@contextmanager
def handling() -> Iterator[None]:
    """Raise `Interrupted` for the first signal that comes in the block; ignore those that follow.

    A signal that the process was started to ignore, such as SIGHUP under `nohup`, stays ignored.
    """
    seen: list[int] = []

    def raise_once(number: int, _frame: object) -> None:
        seen.append(number)
        if len(seen) == 1:
            raise Interrupted(number)

    with _handlers(raise_once):
        yield


@contextmanager
def shielded() -> Iterator[None]:
    """Postpone signals to the end of the block, where the first of them does what it would have done."""
    seen: list[int] = []
    try:
        with _handlers(lambda number, _frame: seen.append(number)):
            yield
    finally:
        if seen:
            signal.raise_signal(seen[0])


@contextmanager
def noticed(hear: Callable[[int], object], patience: float) -> Iterator[None]:
    """Tell `hear` of the first signal in the block, which ends by itself; `hear` must be safe at any moment.

    Whoever signals again after `patience` seconds waits for what does not end: then the process goes at once.
    """
    first: list[float] = []

    def handler(number: int, _frame: object) -> None:
        if not first:
            first.append(time.monotonic())
            hear(number)
        elif time.monotonic() > first[0] + patience:
            os._exit(128 + number)

    with _handlers(handler):
        yield


@contextmanager
def _handlers(handler: Callable[[int, Any], object]) -> Iterator[None]:
    """Install a handler for the block; outside of the main thread, where no signal arrives, do nothing."""
    former: dict[Signals, Any] = {}
    try:
        if threading.current_thread() is threading.main_thread():
            _install(handler, former)
        yield
    finally:
        for number, previous in former.items():
            signal.signal(number, previous)


def _install(handler: Callable[[int, Any], object], former: dict[Signals, Any]) -> None:
    for number in ENDING:
        previous = signal.getsignal(number)
        if previous not in {signal.SIG_IGN, None}:  # None: installed by other than Python, and not ours to replace
            former[number] = previous
            signal.signal(number, handler)
