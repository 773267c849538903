"""Two `devkit run` at once, as processes of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from devkit.ledger.history import history
from devkit.ledger.lastrun import Ending

if TYPE_CHECKING:
    from collections.abc import Callable

    from devkit.testing import DevkitProject

SCRIPT = "echo begun >> log; word=free; [ -e free ] || read word < gate; echo $word > made"
TASKS = f"""\
[tasks.slow]
run = ["sh", "-c", "{SCRIPT}"]
inputs = ["source"]
outputs = ["made"]
"""
RUN = "import sys; from devkit.cli.main import main; sys.exit(main())"


@pytest.fixture
def project(devkit_project: Callable[..., DevkitProject]) -> DevkitProject:
    """Return a project with a task that goes on when it reads a word at the gate."""
    made = devkit_project({"devkit.toml": TASKS, "source": "one"})
    os.mkfifo(made.root / "gate")
    return made


def started(project: DevkitProject) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", RUN, "run", "slow"], cwd=project.root, stderr=subprocess.PIPE, text=True
    )


def test_a_run_waits_for_what_a_killed_one_left_making_the_same(project: DevkitProject) -> None:
    with started(project) as first, open(project.root / "gate", "w") as gate:
        first.kill()
        first.wait()
        with started(project) as second:
            assert second.stderr is not None
            waiting = next(line for line in second.stderr if "waits for" in line)
            (project.root / "free").touch()
            gate.write("old\n")
            gate.close()
            rest = second.stderr.read()

    assert "what `devkit run project:slow` left" in waiting
    assert "done    project:slow" in rest
    assert (project.read("log"), project.read("made")) == ("begun\nbegun\n", "free\n")


def test_the_second_run_waits_for_what_the_first_makes_and_does_not_make_it_again(project: DevkitProject) -> None:
    with started(project) as first, open(project.root / "gate", "w") as gate, started(project) as second:
        assert second.stderr is not None  # the gate was opened by the task of the first run
        waiting = next(line for line in second.stderr if "waits for" in line)
        gate.write("word\n")
        gate.close()
        rest = second.stderr.read()

    assert "makes the same" in waiting
    assert "skipped project:slow" in rest
    assert (first.returncode, second.returncode) == (0, 0)
    assert project.read("log") == "begun\n"
    assert [run.ending for run in history(project.root)] == [Ending.SKIPPED, Ending.DONE]
