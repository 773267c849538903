from __future__ import annotations

import os
import signal
import sys
import time
from typing import TYPE_CHECKING

import pytest

from devkit.api import DevkitError, Program
from devkit.engine import supervisor
from devkit.engine.signals import Interrupted, handling
from devkit.engine.supervisor import STOPPED, Supervisor
from devkit.report.events import ProgramOutput

if TYPE_CHECKING:
    from pathlib import Path

    from devkit.report.events import Event

FOR_EVER = "import time; print('up', flush=True); time.sleep(600)"
DEAF = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {FOR_EVER}"
PARENT = (
    "import subprocess, sys; child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']);"
    "print(child.pid, flush=True); child.wait()"
)


class Heard(list[tuple[str, str]]):
    """Hears events, and keeps each line with the name of its program."""

    def __call__(self, event: Event) -> None:
        assert isinstance(event, ProgramOutput)
        self.append((event.program, event.line))


def program(code: str, name: str = "app", *, is_minor: bool = False, **env: str) -> Program:
    return Program(name=name, argv=(sys.executable, "-c", code), env=env, is_minor=is_minor)


def supervise(root: Path, heard: Heard) -> Supervisor:
    return Supervisor(root, heard, {**os.environ, "GIT_DIR": "/elsewhere"})


def is_alive(number: int) -> bool:
    try:
        with open(f"/proc/{number}/stat") as file:  # as init's child it may be dead and not yet reaped
            return file.read().rsplit(")", 1)[1].split()[0] not in {"Z", "X"}
    except (FileNotFoundError, ProcessLookupError):  # the latter when it goes between the two
        return False


def outlives(number: int) -> bool:
    """Whether a process is there a minute later; one that was killed takes a moment to end."""
    deadline = time.monotonic() + 60
    while (is_there := is_alive(number)) and time.monotonic() < deadline:
        os.sched_yield()
    return is_there


def test_each_line_is_heard_with_the_name_of_its_program(tmp_path: Path) -> None:
    heard = Heard()
    with supervise(tmp_path, heard) as programs:
        programs.start(program("print('a' + __import__('os').environ['WORD'])", "one", WORD="b"))
        ended = programs.watch()
        assert ended is not None
        programs.start(program(FOR_EVER, "two"))
        assert programs.watch(lambda: ("two", "up") in heard) is None
    assert (ended.name, ended.code, ended.lines) == ("one", 0, ("ab",))
    assert ("one", "ab") in heard


def test_the_last_lines_of_a_crash_are_known(tmp_path: Path) -> None:
    code = "import sys\nfor number in range(100): print(number)\nsys.stderr.write('no end'); sys.exit(3)"
    with supervise(tmp_path, Heard()) as programs:
        programs.start(program(code))
        ended = programs.watch()
    assert ended is not None
    assert ended.code == 3
    assert len(ended.lines) == 20
    assert "no end" in ended.lines


def test_the_end_of_a_minor_program_changes_nothing(tmp_path: Path) -> None:
    heard = Heard()
    with supervise(tmp_path, heard) as programs:
        programs.start(program("print('gone')", "log", is_minor=True))
        assert programs.watch(lambda: ("log", "gone") in heard) is None


def test_watching_ends_with_its_time(tmp_path: Path) -> None:
    with supervise(tmp_path, Heard()) as programs:
        assert programs.watch(seconds=0) is None


def test_no_program_sees_the_variables_of_a_git_hook(tmp_path: Path) -> None:
    with supervise(tmp_path, Heard()) as programs:
        programs.start(program("import os; print('GIT_DIR' in os.environ)"))
        ended = programs.watch()
    assert ended is not None
    assert ended.lines == ("False",)


def test_the_end_of_the_block_ends_the_children_of_a_program(tmp_path: Path) -> None:
    heard = Heard()
    with supervise(tmp_path, heard) as programs:
        programs.start(program(PARENT))
        programs.watch(lambda: bool(heard))
    assert not outlives(int(heard[0][1]))


def test_a_program_that_ignores_being_asked_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "GRACE", 0.05)
    heard = Heard()
    with supervise(tmp_path, heard) as programs:
        programs.start(program(DEAF))
        programs.watch(lambda: bool(heard))
        number = programs._running[0].process.pid
    assert not outlives(number)


def test_the_last_words_of_a_program_that_is_told_to_end_are_heard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "GRACE", 60.0)  # on a busy machine an interpreter takes its time to end
    code = f"import signal, sys; signal.signal(signal.SIGTERM, lambda *_: sys.exit('bye')); {FOR_EVER}"
    heard = Heard()
    with supervise(tmp_path, heard) as programs:
        programs.start(program(code))
        programs.watch(lambda: bool(heard))
    assert heard == [("app", "up"), ("app", "bye")]


def test_what_a_program_printed_before_it_ended_by_itself_is_heard(tmp_path: Path) -> None:
    heard = Heard()
    with supervise(tmp_path, heard) as programs:
        programs.start(program("print('bye')"))
        programs._running[0].process.wait()
    assert heard == [("app", "bye")]


def test_an_interrupted_watch_stops_all_and_says_so(tmp_path: Path) -> None:
    heard = Heard()

    def interrupt() -> bool:
        if heard:
            signal.raise_signal(signal.SIGTERM)
        return False

    def run() -> None:
        with handling(), supervise(tmp_path, heard) as programs:
            programs.start(program(PARENT))
            programs.watch(interrupt)

    with pytest.raises(Interrupted) as caught:
        run()
    assert (caught.value.state, caught.value.is_the_end) == (STOPPED, True)
    assert not outlives(int(heard[0][1]))


def test_a_program_that_is_not_there_is_named(tmp_path: Path) -> None:
    with (
        supervise(tmp_path, Heard()) as programs,
        pytest.raises(DevkitError, match="`no-such-program` is not on PATH"),
    ):
        programs.start(Program(name="app", argv=("no-such-program",)))
