from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from queue import Queue
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from devkit.testing import DevkitProject

SLOW = "import sys, time; print('begun', flush=True); time.sleep(600 if open('src/a.py').read() == 'slow' else 0)"
TASKS = f"""\
[tasks.code]
run = ['{sys.executable}', "-c", "{SLOW}"]
inputs = ["src/**"]
outputs = ["made.txt"]

[tasks.docs]
run = ["cat", "docs/a.md"]
inputs = ["docs/**"]
"""
READY = "watching for changes"


class Watched:
    """A watching devkit, and what it says, line by line."""

    def __init__(self, project: DevkitProject, *words: str) -> None:
        code = "import sys; from devkit.cli.launch import main; sys.exit(main())"
        self.process = subprocess.Popen(
            [sys.executable, "-c", code, *words, "--watch"],
            cwd=project.root,
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )
        self._lines: Queue[str] = Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        with self.process:
            for line in self.process.stderr or ():
                self._lines.put(line.rstrip("\n"))

    def until(self, text: str) -> list[str]:
        """Return the lines up to the one that holds a text."""
        found: list[str] = []
        while not found or text not in found[-1]:
            found.append(self._lines.get(timeout=120))
        return found

    def rest(self) -> list[str]:
        """Return the lines that nobody has looked at."""
        return [self._lines.get() for _ in range(self._lines.qsize())]

    def end(self) -> int:
        """Interrupt it as a terminal does, and return its code."""
        os.killpg(self.process.pid, signal.SIGINT)
        self._reader.join(60)
        return self.process.wait(60)


@pytest.fixture
def project(devkit_project: Callable[..., DevkitProject], committed: Callable[..., DevkitProject]) -> DevkitProject:
    files = {"devkit.toml": TASKS, "src/a.py": "quick", "docs/a.md": "one\n", ".gitignore": "*.log\n.devkit/\n"}
    return committed(devkit_project({**files, "made.txt": ""}))


@pytest.fixture
def watched(project: DevkitProject) -> Iterator[Watched]:
    found = Watched(project, "run", "code", "docs")
    yield found
    if found.process.poll() is None:
        found.end()


def test_what_a_change_touches_runs_again_and_the_rest_does_not(project: DevkitProject, watched: Watched) -> None:
    watched.until(READY)
    project.write("src/x.log", "ignored")
    project.write("made.txt", "an output")
    project.write("docs/a.md", "two\n")
    lines = watched.until(READY)

    assert lines[0] == "changed: docs/a.md"
    assert any(line.startswith("done    project:docs") and "`docs/a.md` changed" in line for line in lines)
    assert watched.end() == 130


def test_a_running_task_begins_anew_when_its_input_changes(project: DevkitProject, watched: Watched) -> None:
    watched.until(READY)
    project.write("src/a.py", "slow")
    watched.until("changed: src/a.py")
    project.write("src/a.py", "quick again")
    lines = watched.until(READY)

    assert any(line.startswith("done    project:code") for line in lines)
    assert watched.end() == 130


def test_a_task_that_begins_anew_has_not_failed(project: DevkitProject) -> None:
    project.write("src/a.py", "slow")
    watched = Watched(project, "run", "code", "-v")
    watched.until("begun")
    project.write("src/a.py", "quick again")
    lines = watched.until(READY)

    assert watched.end() == 130
    assert any(line.startswith("done    project:code") for line in lines)
    assert not [line for line in lines if "error" in line or "state:" in line]


def test_an_interrupt_is_the_end_and_no_failure(watched: Watched) -> None:
    watched.until(READY)

    assert watched.end() == 130
    assert watched.rest() == ["all that was started is stopped"]


def test_an_interrupt_leaves_no_task_running(project: DevkitProject) -> None:
    project.write("src/a.py", "slow")
    mark = project.root / "pid"
    program = "import os, time; open('pid', 'w').write(str(os.getpid())); time.sleep(600)"
    project.write(
        "devkit.toml", f"[tasks.code]\nrun = ['{sys.executable}', '-c', \"{program}\"]\ninputs = ['src/**']\n"
    )
    watched = Watched(project, "run", "code")
    while not (mark.exists() and mark.read_text()):
        assert watched.process.poll() is None
    assert watched.end() == 130

    with pytest.raises(ProcessLookupError):
        os.kill(int(mark.read_text()), 0)


@pytest.mark.parametrize(
    ("word", "why"),
    [
        ("--json", "never ends by itself"),
        ("--report=junit={root}/x", "never ends by itself"),
        ("--resume", "does not go with"),
    ],
)
def test_what_ends_does_not_go_with_watching(project: DevkitProject, word: str, why: str) -> None:
    ran = project.run("run", "--watch", word.format(root=project.root))

    assert ran.code == 2
    assert why in ran.stderr


def test_a_mistake_in_the_names_ends_the_command(project: DevkitProject) -> None:
    assert project.run("run", "nothing", "--watch").code == 2
