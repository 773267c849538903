from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from devkit.ledger.history import history
from devkit.ledger.lastrun import Ending
from devkit.project.head import head_commit
from devkit.testing import run_devkit

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from devkit.testing import DevkitProject

PRIVATE = "never to be seen"
SOURCE = f"""\
import sys
from devkit.api import Call, RunCommand, Stage, Task, hookimpl


WAIT = "import os, time; print('waiting', os.getpid(), flush=True); time.sleep(600)"


@hookimpl
def devkit_stages():
    return [Stage(name="acme", summary="Do acme things.")]


@hookimpl
def devkit_tasks(context):
    python = sys.executable
    yield Task(name="acme:good", action=RunCommand(argv=(python, "-c", "print('{PRIVATE}')")), accepts_arguments=True)
    yield Task(name="acme:bad", action=RunCommand(argv=(python, "-c", "raise SystemExit(3)")), needs=("acme:good",))
    yield Task(name="acme:late", action=RunCommand(argv=(python, "-c", "")), needs=("acme:bad",))
    yield Task(name="acme:raises", action=Call(function="acme_plugin:raises"))
    yield Task(name="acme:slow", action=RunCommand(argv=(python, "-c", WAIT)))


def raises(context):
    raise ValueError("{PRIVATE}")
"""


@pytest.fixture
def site(devkit_plugin: Callable[..., Path]) -> Path:
    return devkit_plugin("acme", SOURCE)


@pytest.fixture
def project(
    site: Path,  # noqa: ARG001 - the plugin
    devkit_project: Callable[..., DevkitProject],
    committed: Callable[..., DevkitProject],
) -> DevkitProject:
    project = devkit_project({"devkit.toml": ""})
    done = project.run("add", "acme")
    assert done.code == 0, done.stderr
    return committed(project)


def test_a_run_is_recorded_with_commit_and_versions(project: DevkitProject) -> None:
    assert project.run("run", "acme:good").code == 0

    (run,) = history(project.root)
    assert (run.command, run.ending, run.commit) == ("run", Ending.DONE, head_commit(project.root))
    assert run.commit
    (task,) = run.tasks
    assert (task.subject.name, task.subject.plugin, task.subject.version) == ("acme:good", "acme", "1.0")
    assert project.git("status", "--short") == ""


def test_a_failure_is_recorded_with_its_kind_and_what_it_blocked(project: DevkitProject) -> None:
    assert project.run("run", "acme:late").code == 1

    (run,) = history(project.root)
    assert run.ending is Ending.FAILED
    assert {task.subject.name: (task.ending, task.reason) for task in run.tasks} == {
        "acme:good": (Ending.DONE, ""),
        "acme:bad": (Ending.FAILED, "a task failed (DK0801)"),
        "acme:late": (Ending.BLOCKED, "`acme:bad` failed"),
    }


def test_nothing_that_a_task_says_or_is_given_is_recorded(
    project: DevkitProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACME_TOKEN", PRIVATE)
    assert project.run("run", "acme:good", "--", PRIVATE).code == 0
    assert project.run("run", "acme:raises").code == 70

    assert [run.tasks[0].reason for run in history(project.root)] == ["a plugin failed (DK0301)", ""]
    state = project.root / ".devkit/state"
    assert [path for path in state.iterdir() if PRIVATE.encode() in path.read_bytes()] == []


def test_a_command_line_that_is_wrong_is_no_run(project: DevkitProject) -> None:
    assert project.run("run", "acme:typo").code == 2

    assert history(project.root) == ()


def test_a_run_goes_on_without_a_ledger(project: DevkitProject) -> None:
    state = project.root / ".devkit/state"
    if state.exists():
        for path in state.iterdir():
            path.unlink()
        state.rmdir()
    state.write_text("in the way")

    done = project.run("run", "acme:good")

    assert done.code == 0
    assert "warning[DK0820]: this run is missing in the history of runs" in done.stderr
    assert state.read_text() == "in the way"


def test_a_broken_ledger_is_a_warning(project: DevkitProject) -> None:
    project.write(".devkit/state/ledger.sqlite3", "junk" * 100)

    read, done = project.run("status"), project.run("run", "acme:good")

    assert (read.code, done.code) == (0, 0)
    assert "warning[DK0820]: the history of runs cannot be read: file is not a database" in read.stderr
    assert "warning[DK0820]: the history of runs begins anew" in done.stderr
    assert project.read(".devkit/state/ledger.sqlite3.broken-1") == "junk" * 100


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGKILL, -9)])
def test_a_run_that_is_ended_from_outside_was_interrupted(
    project: DevkitProject, site: Path, number: signal.Signals, code: int
) -> None:
    environment = os.environ | {"PYTHONPATH": str(site)}
    words = [sys.executable, "-m", "devkit", "-C", str(project.root), "-v", "run", "acme:slow"]
    with subprocess.Popen(
        words, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True
    ) as process:
        assert process.stdout is not None
        waiting = next(line for line in process.stdout if b"waiting" in line)
        assert "running" in project.run("status").stdout
        process.send_signal(number)
        process.wait()
    with suppress(ProcessLookupError):  # what a killed devkit cannot stop any more
        os.kill(int(waiting.split()[-1]), signal.SIGKILL)

    assert process.returncode == code
    (run,) = history(project.root)
    assert (run.ending, run.tasks[0].ending) == (Ending.INTERRUPTED, Ending.INTERRUPTED)
    assert "interrupted just now" in project.run("status").stdout


def test_init_records_what_it_does_in_the_project_and_nothing_before(
    tmp_path: Path, devkit_home: Path, devkit_plugin: Callable[..., Path]
) -> None:
    del devkit_home
    source = SOURCE.replace("import Call,", "import Call, Moment,")
    source = source.replace('name="acme:good",', 'name="acme:good", moment=Moment.SETUP,')
    source = source.replace('name="acme:raises", action=Call(function="acme_plugin:raises")', LOCKING)
    devkit_plugin("acme", source)
    template = tmp_path / "template"
    (template / "{{cookiecutter.project_slug}}").mkdir(parents=True)
    (template / "cookiecutter.json").write_text('{"project_slug": "shop"}')
    (template / "template.toml").write_text('summary = "Plain."\n')
    (template / "{{cookiecutter.project_slug}}/README.md").write_text("# shop\n")

    done = run_devkit(
        "-C", str(tmp_path), "-p", "acme", "init", "shop", "-t", str(template), "--defaults", "--without=hooks"
    )

    assert done.code == 0, done.stderr
    (run,) = history(tmp_path / "shop")
    assert (run.command, [task.subject.name for task in run.tasks]) == ("init", ["acme:good"])


LOCKING = 'name="acme:lock", moment=Moment.LOCK, action=RunCommand(argv=(python, "-c", ""))'
