"""Writing down one run as it goes; whatever happens to the ledger, the run goes on."""

from __future__ import annotations

import time
from types import MappingProxyType
from typing import TYPE_CHECKING, Self

from msgspec import Struct, field

from devkit.api.findings import Finding
from devkit.errors import LEDGER
from devkit.ledger import statements
from devkit.ledger.connection import BusyError, explained
from devkit.ledger.idleruns import take_idle_runs
from devkit.ledger.lastrun import Ending
from devkit.ledger.place import LEDGER_FILE, UnusableError
from devkit.ledger.records import TaskSubject
from devkit.ledger.store import Store
from devkit.ledger.takingin import writings
from devkit.ledger.upkeep import Limits

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from devkit.api.tasks import Figure
    from devkit.ledger.store import Value

_LONGEST = 500
"""Characters of a text that are kept."""
_LAST_TRIES = 4
_MOMENT, _AT_ONCE = 0.1, 8
"""Seconds, and how often within them news is written by itself; what comes after waits for the next moment."""
_NONE: Mapping[str, Figure] = MappingProxyType({})


class NewRun(Struct, frozen=True, kw_only=True):
    """What is known of a run beforehand: the command's name, the commit, devkit's version, and the tasks by name."""

    command: str
    commit: str
    devkit: str
    subjects: Mapping[str, TaskSubject]


class Clock(Struct, frozen=True, kw_only=True):
    """The time: `now` in seconds since the epoch, which may jump; `ticks` in seconds that only ever grow."""

    now: Callable[[], float] = time.time
    ticks: Callable[[], float] = time.monotonic


class Recorder(Struct, kw_only=True):
    """A run that is being written down: a context manager that neither raises nor hides what the block raises.

    `ending` is what the run is closed with at the end of the block. `findings` says what is wrong with the ledger.
    """

    root: Path
    run: NewRun
    clock: Clock = field(default_factory=Clock)
    limits: Limits = field(default_factory=Limits)
    ending: Ending = Ending.INTERRUPTED
    findings: list[Finding] = field(default_factory=list)
    _store: Store | None = None
    _began: float = 0.0
    _pending: dict[object, tuple[str, Mapping[str, Value]]] = field(default_factory=dict)
    """What is still to be written, in its order; of each task, by its name, only the newest."""
    _subjects: dict[str, Mapping[str, Value]] = field(default_factory=dict)
    _is_busy: bool = False
    _moment: float = 0.0
    _count: int = 0

    def __enter__(self) -> Self:
        """Open the ledger and note that the run has begun, and that none of its tasks has.

        So what a killed run was about is known, and can be gone on with.
        """
        self._began = self.clock.ticks()
        try:
            with explained():
                self._store = Store.open(self.root, now=self.clock.now(), limits=self.limits)
        except UnusableError as problem:
            self._give_up(problem)
            return self
        if self._store.former is not None:
            reason, name = self._store.former
            self._find(f"the history of runs begins anew: {reason}", f"the former file was kept as `{name}`")
        for run in take_idle_runs(str(self.root)):
            self._add(*writings(run))
        self._add((statements.BEGIN_RUN, self._beginning()))
        for name in self.run.subjects:
            self._put(name, began=None, seconds=None, ending=Ending.BLOCKED)
        self._flush()
        return self

    def __exit__(self, *_: object) -> None:
        """Note how the run ended, and close the ledger."""
        values: Mapping[str, Value] = {"seconds": self._elapsed(), "ending": self.ending}
        self._add((statements.END_RUN, values), (statements.END_TASKS, values))
        self._finish()
        self._close()

    def task_began(self, name: str) -> None:
        """Note that a task begins."""
        self._put(name, began=self._elapsed(), seconds=None, ending=Ending.RUNNING)
        self._write_soon()

    def task_ended(
        self, name: str, ending: Ending, *, seconds: float, reason: str = "", figures: Mapping[str, Figure] = _NONE
    ) -> None:
        """Note how a task ended; `reason` must not hold what a task or a plugin printed."""
        began = None if ending is Ending.BLOCKED else max(0.0, self._elapsed() - seconds)
        written = _written(figures) if figures else "{}"
        self._put(name, began=began, seconds=seconds, ending=ending, reason=_stored(reason), figures=written)
        self._write_soon()

    def catch_up(self) -> None:
        """Write what waits, if its moment has come."""
        if self._pending and self.clock.ticks() >= self._moment + _MOMENT:
            self._flush()

    def _finish(self) -> None:
        """Write what is left; now it is worth waiting for others a little."""
        for _ in range(_LAST_TRIES):
            self._is_busy = False
            self._flush()
            if not self._is_busy:
                return
        self._give_up(BusyError("another process has it open"))

    def _add(self, *writings: tuple[str, Mapping[str, Value]]) -> None:
        self._pending |= {object(): writing for writing in writings}

    def _put(self, name: str, *, reason: str = "", figures: str = "{}", **values: Value) -> None:
        row = {**self._subject(name), "reason": reason, "figures": figures, **values}
        self._pending[name] = (statements.PUT_TASK, row)

    def _write_soon(self) -> None:
        """Write what waits at once, unless there is so much news that it is better written together."""
        now = self.clock.ticks()
        if now >= self._moment + _MOMENT:
            self._moment, self._count = now, 0
        self._count += 1
        if self._count <= _AT_ONCE:
            self._flush()

    def _flush(self) -> None:
        """Write what is pending; while somebody holds the ledger, it waits for the end of the run."""
        if self._store is None or self._is_busy:
            return
        pending = dict(self._pending)
        try:
            self._store.write(list(pending.values()))
        except BusyError:
            self._is_busy = True
        except UnusableError as problem:
            self._give_up(problem)
        else:
            for key, writing in pending.items():
                if self._pending[key] is writing:
                    del self._pending[key]

    def _give_up(self, problem: UnusableError) -> None:
        self._close()
        self._find(f"this run is missing in the history of runs: {problem}", f"it is kept in `{LEDGER_FILE}`")

    def _close(self) -> None:
        store, self._store = self._store, None
        if store is not None:
            store.close()

    def _find(self, message: str, help_text: str) -> None:
        self.findings.append(Finding(code=LEDGER.code, message=message, help=help_text))

    def _beginning(self) -> Mapping[str, Value]:
        run = self.run
        texts = {"command": run.command, "head": run.commit, "devkit": run.devkit}
        stored: dict[str, Value] = {name: _stored(text) for name, text in texts.items()}
        return {**stored, "started": self.clock.now(), "ending": Ending.RUNNING}

    def _subject(self, name: str) -> Mapping[str, Value]:
        if name not in self._subjects:
            subject = self.run.subjects.get(name) or TaskSubject(name=name, plugin="", version="")
            texts = {"name": name, "stage": subject.stage, "plugin": subject.plugin, "version": subject.version}
            self._subjects[name] = {key: _stored(text) for key, text in texts.items()}
        return self._subjects[name]

    def _elapsed(self) -> float:
        return self.clock.ticks() - self._began


def _written(figures: Mapping[str, Figure]) -> str:
    """Return figures as JSON; texts among them are kept as short as all others."""
    import json

    kept = {_stored(name): _stored(value) if isinstance(value, str) else value for name, value in figures.items()}
    return json.dumps(kept, sort_keys=True)


def _stored(text: str) -> str:
    """Return text as the ledger can hold it: valid Unicode, and not too long."""
    return text[:_LONGEST].encode("utf-8", "replace").decode()
