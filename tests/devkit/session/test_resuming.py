from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from devkit.ledger.history import history

if TYPE_CHECKING:
    from collections.abc import Callable

    from devkit.testing import DevkitProject

CONFIG = """\
[tasks.first]
run = ["sh", "-c", "echo first >> log"]

[tasks.second]
run = ["sh", "-c", "test -e allowed && echo second >> log"]
needs = ["first"]

[tasks.third]
run = ["sh", "-c", "echo third >> log"]
needs = ["second"]

[tasks.other]
run = ["sh", "-c", "echo other >> log"]
"""


@pytest.fixture
def project(devkit_project: Callable[..., DevkitProject]) -> DevkitProject:
    return devkit_project({"devkit.toml": CONFIG})


def log(project: DevkitProject) -> list[str]:
    return project.read("log").split()


def endings(project: DevkitProject) -> dict[str, str]:
    (run,) = history(project.root)
    return {task.subject.name: str(task.ending) for task in run.tasks}


def test_a_failed_run_goes_on_where_it_failed(project: DevkitProject) -> None:
    failed = project.run("run", "third", "-j1")
    assert failed.code == 1
    assert "state: 1 of 3 tasks done: project:first; resume with `devkit run --resume`" in failed.stderr
    project.write("allowed", "")

    resumed = project.run("run", "--resume", "--json")

    assert resumed.code == 0
    assert log(project) == ["first", "second", "third"]
    assert [(task["outcome"], task["reason"]) for task in resumed.document["tasks"]] == [
        ("skipped", "done before the run was stopped"),
        ("done", ""),
        ("done", ""),
    ]


def test_a_run_that_failed_twice_still_knows_what_was_done(project: DevkitProject) -> None:
    for words in (("run", "third"), ("run", "--resume"), ("run", "--resume")):
        assert project.run(*words).code == 1

    assert log(project) == ["first"]


def test_what_was_blocked_goes_on_too(project: DevkitProject) -> None:
    assert project.run("run", "second", "other", "-j1").code == 1
    assert log(project) == ["first"]
    project.write("allowed", "")

    assert project.run("run", "--resume", "-j1").code == 0
    assert log(project) == ["first", "second", "other"]


def test_a_task_runs_again_when_what_it_comes_after_did(project: DevkitProject) -> None:
    project.write("devkit.toml", CONFIG + 'after = ["second"]\n')
    assert project.run("run", "second", "other", "--keep-going").code == 1
    assert log(project) == ["first", "other"]
    project.write("allowed", "")

    assert project.run("run", "--resume").code == 0
    assert log(project) == ["first", "other", "second", "other"]


def test_with_nothing_to_resume_nothing_is_run_and_that_is_said(project: DevkitProject) -> None:
    for words in ((), ("run", "first")):
        if words:
            assert project.run(*words).code == 0
        resumed = project.run("run", "--resume")
        assert (resumed.code, resumed.stdout) == (0, "nothing to resume: the last run was not left unfinished\n")


def test_a_task_that_is_gone_is_left_out_and_named(project: DevkitProject) -> None:
    assert project.run("run", "third").code == 1
    project.write("devkit.toml", CONFIG.partition("[tasks.third]")[0])
    project.write("allowed", "")

    resumed = project.run("run", "--resume")

    assert resumed.code == 0
    assert "left out, since the project has them no more: project:third" in resumed.stderr


def test_names_and_resume_exclude_each_other(project: DevkitProject) -> None:
    assert project.run("run", "--resume", "first").code == 2


def test_a_killed_run_goes_on_with_what_it_had_not_begun(project: DevkitProject) -> None:
    project.write("devkit.toml", CONFIG.replace("test -e allowed &&", "read word < gate &&"))
    os.mkfifo(project.root / "gate")
    words = [sys.executable, "-m", "devkit", "-C", str(project.root), "run", "third", "other", "-j1"]
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        gate = os.open(project.root / "gate", os.O_WRONLY)  # waits until the second task reads
        while endings(project)["project:second"] != "running":
            assert process.poll() is None
        process.send_signal(signal.SIGKILL)
    os.close(gate)
    assert endings(project) == {
        "project:first": "done",
        "project:second": "interrupted",
        "project:third": "blocked",
        "project:other": "blocked",
    }
    project.write("devkit.toml", CONFIG)
    project.write("allowed", "")

    assert project.run("run", "--resume").code == 0
    assert sorted(log(project)) == sorted(["first", "second", "third", "other"])
