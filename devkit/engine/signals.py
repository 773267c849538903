"""Signals that end a run, turned into one exception."""

from __future__ import annotations

from contextlib import contextmanager
from signal import Signals
from typing import TYPE_CHECKING

from devkit.errors import HUNG_UP, INTERRUPTED, TERMINATED, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator


class Interrupted(BaseException):
    """A signal asked the run to end; `signal` is the one that came first, `kind` what to report it as."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.signal = Signals(number)

    @property
    def kind(self) -> Kind:
        """The kind of failure, whose exit code is 128 and the signal's number."""
        return {Signals.SIGINT: INTERRUPTED, Signals.SIGTERM: TERMINATED}.get(self.signal, HUNG_UP)


@contextmanager
def handling() -> Iterator[None]:
    """Raise `Interrupted` for the first signal that comes in the block; ignore those that follow."""
    raise NotImplementedError
    yield


@contextmanager
def shielded() -> Iterator[None]:
    """Postpone signals to the end of the block."""
    raise NotImplementedError
    yield
