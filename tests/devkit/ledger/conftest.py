from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from devkit.ledger.lastrun import Ending
from devkit.ledger.recorder import Clock, NewRun, Recorder
from devkit.ledger.records import TaskSubject
from devkit.ledger.upkeep import Limits

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


@dataclass
class Ledger:
    """A project with a state folder, and clocks that a test sets."""

    root: Path
    now: float = 1_000_000.0
    ticks: float = 50.0
    limits: Limits = field(default_factory=Limits)

    @property
    def file(self) -> Path:
        return self.root / ".devkit/state/ledger.sqlite3"

    def names(self) -> list[str]:
        """The names in the state folder, without the file that is locked while the ledger is opened."""
        return sorted(name for name in os.listdir(self.file.parent) if name != "ledger.lock")

    def recorder(self, *names: str, command: str = "run") -> Recorder:
        subjects = {name: TaskSubject(name=name, plugin="acme", version="1.2") for name in names}
        run = NewRun(command=command, commit="c" * 40, devkit="0.1", subjects=subjects)
        clock = Clock(now=lambda: self.now, ticks=lambda: self.ticks)
        return Recorder(root=self.root, run=run, clock=clock, limits=self.limits)

    @contextmanager
    def running(self, *names: str) -> Iterator[Recorder]:
        """A run that is done unless the test says otherwise; the ledger must have taken it."""
        with self.recorder(*names) as recorder:
            recorder.ending = Ending.DONE
            yield recorder
        assert recorder.findings == []

    def run(self, endings: Mapping[str, Ending], *, seconds: float = 1.0, ending: Ending = Ending.DONE) -> None:
        """Record a run whose tasks went one after the other."""
        with self.running(*endings) as recorder:
            recorder.ending = ending
            for name, how in endings.items():
                recorder.task_began(name)
                self.ticks += seconds
                recorder.task_ended(name, how, seconds=seconds)


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    (tmp_path / ".devkit/state").mkdir(parents=True)
    return Ledger(tmp_path)
