"""Programs that run side by side: their output passed on line by line, and none of them left behind."""

from __future__ import annotations

import os
import selectors
import time
from collections import deque
from signal import SIGTERM
from typing import TYPE_CHECKING, Self

from msgspec import Struct, field

from devkit.api.programs import Ended, Program
from devkit.engine.group import GRACE, has_group, signal_group
from devkit.engine.process import GIT_VARIABLES, exit_code, start_process
from devkit.engine.pump import Lines
from devkit.engine.signals import Interrupted, shielded
from devkit.report.events import ProgramOutput
from devkit.report.text import readable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path
    from subprocess import Popen
    from types import TracebackType

    from devkit.report.events import Listener

STOPPED = "all that was started is stopped"
_CHUNK = 64 * 1024
_INTERVAL = 0.1
"""Seconds between looks at whether a program has ended."""
_REMEMBERED = 20
"""Last lines of each program."""


class _Running(Struct):
    program: Program
    process: Popen[bytes]
    lines: deque[str] = field(default_factory=lambda: deque(maxlen=_REMEMBERED))
    is_told: bool = False

    def has_ended(self) -> bool:
        return self.process.poll() is not None


class Supervisor:
    """See `devkit.api.Programs`; `env` is what every program gets, less git's own variables, and may add to."""

    def __init__(self, root: Path, tell: Listener, env: Mapping[str, str]) -> None:
        self._root = root
        self._tell = tell
        self._env = {name: value for name, value in env.items() if name not in GIT_VARIABLES}
        self._selector = selectors.DefaultSelector()
        self._running: list[_Running] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _type: object, problem: BaseException | None, _traceback: TracebackType | None) -> None:
        if isinstance(problem, Interrupted):
            problem.state, problem.is_the_end = STOPPED, True
        self._stop()

    def start(self, program: Program) -> None:
        """Start a program."""
        local = os.path.join(self._root, program.cwd, program.argv[0])
        argv = (local, *program.argv[1:]) if os.path.dirname(program.argv[0]) else program.argv
        with shielded():  # a signal between the start and what follows would leave a child that nobody knows
            process = start_process(argv, self._root / program.cwd, {**self._env, **program.env})
            running = _Running(program, process)
            self._running.append(running)
            for name, stream in (("stdout", process.stdout), ("stderr", process.stderr)):
                if stream is not None:
                    os.set_blocking(stream.fileno(), False)
                    self._selector.register(stream, selectors.EVENT_READ, Lines(name, self._listener(running)))

    def watch(self, until: Callable[[], bool] | None = None, *, seconds: float | None = None) -> Ended | None:
        """Pass on what is printed until a program that matters has ended, `until` says so, or time is over."""
        deadline = None if seconds is None else time.monotonic() + seconds
        while True:
            self._pass_on(_INTERVAL)
            if (ended := next(self._ended(), None)) is not None:
                ended.is_told = True
                self._drain()
                return Ended(
                    name=ended.program.name, code=exit_code(ended.process.returncode), lines=tuple(ended.lines)
                )
            if (until is not None and until()) or (deadline is not None and time.monotonic() >= deadline):
                return None

    def _ended(self) -> Iterator[_Running]:
        return (each for each in self._running if not (each.is_told or each.program.is_minor) and each.has_ended())

    def _listener(self, running: _Running) -> Callable[[str, str], None]:
        def on_text(stream: str, text: str) -> None:
            for line in readable(text).split("\n"):
                running.lines.append(line)
                self._tell(ProgramOutput(running.program.name, stream, line))

        return on_text

    def _pass_on(self, seconds: float) -> bool:
        """Read what is there, waiting for something so long; return whether there was something."""
        if not self._selector.get_map():
            time.sleep(seconds)
            return False
        events = self._selector.select(seconds)
        for key, _ in events:
            chunk = os.read(key.fd, _CHUNK)
            key.data.add(chunk)
            if not chunk:
                self._selector.unregister(key.fileobj)
                key.data.end()
        return bool(events)

    def _drain(self) -> None:
        """Read what ended programs have still left in their pipes; who else writes there is not waited for."""
        deadline = time.monotonic() + _INTERVAL
        while self._pass_on(0) and time.monotonic() < deadline:
            pass

    def _stop(self) -> None:
        """Ask every program and its children to end, wait a second while they say their last words, then end them."""
        try:
            for each in self._running:
                signal_group(each.process.pid, SIGTERM)
            deadline = time.monotonic() + GRACE
            while self._is_anything_left() and time.monotonic() < deadline:
                self._pass_on(_INTERVAL / 10)
            self._drain()
        finally:
            self._end()

    def _is_anything_left(self) -> bool:
        left = [each for each in self._running if not each.has_ended() or has_group(each.process)]
        return bool(left)

    def _end(self) -> None:
        from signal import SIGKILL

        with shielded():
            for each in self._running:
                signal_group(each.process.pid, SIGKILL)
                each.process.wait()
                for stream in (each.process.stdout, each.process.stderr):
                    if stream is not None:
                        stream.close()
            self._selector.close()
            self._running.clear()
