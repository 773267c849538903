from __future__ import annotations

import json
import os
import re
import time
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devkit.ledger.lastrun import Ending
from devkit.ledger.reading import last_runs
from devkit.ledger.recorder import Clock, NewRun, Recorder
from devkit.ledger.records import TaskSubject
from devkit.session.glance import StageStatus, Status, kept, recalled

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from devkit.testing import DevkitProject

SOURCE = """\
from devkit.api import Call, Stage, Task, hookimpl


@hookimpl
def devkit_stages():
    return [Stage(name="acme", summary="Do acme things."), Stage(name="bolt", summary="Fasten.")]


@hookimpl
def devkit_tasks(context):
    yield Task(name="acme:good", action=Call(function="acme_plugin:good"))


def good(context):
    pass
"""
HOUR = 3600


@pytest.fixture
def project(devkit_plugin: Callable[..., Path], devkit_project: Callable[..., DevkitProject]) -> DevkitProject:
    site = devkit_plugin("acme", SOURCE)
    project = devkit_project({"devkit.toml": ""})
    assert project.run("add", "acme").code == 0
    for path in (site, *site.rglob("*"), project.root, *project.root.rglob("*")):
        os.utime(path, (1, 1))
    return project


def run_at(project: DevkitProject, moment: float, ending: Ending = Ending.DONE) -> None:
    (project.root / ".devkit/state").mkdir(exist_ok=True)
    subject = TaskSubject(name="acme:good", plugin="acme", version="1.0")
    run = NewRun(command="run", commit="c" * 40, devkit="0.1", subjects={subject.name: subject})
    clock = Clock(now=lambda: moment, ticks=lambda: 1.5)
    with Recorder(root=project.root, run=run, clock=clock) as recorder:
        recorder.task_ended("acme:good", ending, seconds=1.5)
        recorder.ending = Ending.DONE


def state_of(project: DevkitProject) -> dict[str, tuple[int, bytes]]:
    files = [path for path in (project.root / ".devkit").rglob("*") if path.is_file()]
    return {str(path): (path.stat().st_mtime_ns, path.read_bytes()) for path in files}


def test_a_stage_that_never_ran_has_no_last_run(project: DevkitProject) -> None:
    assert "ago" not in project.run("status").stdout
    assert {stage["last_run"] for stage in project.run("status", "--json").document["stages"]} == {None}


def test_each_stage_is_shown_with_its_last_run(project: DevkitProject) -> None:
    run_at(project, time.time() - 2 * HOUR - 60, Ending.FAILED)

    lines = project.run("status").stdout.splitlines()
    (stage,) = (stage for stage in project.run("status", "--json").document["stages"] if stage["name"] == "acme")

    assert lines[1].split(maxsplit=2) == ["✗", "acme", "failed 2 h ago in 1.5 s"]
    started = stage["last_run"].pop("started")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", started)
    assert stage["last_run"] == {"outcome": "failed", "seconds": 1.5, "reason": "", "commit": "c" * 40}


def test_a_kept_answer_tells_of_runs_since_and_its_times_do_not_grow_old(project: DevkitProject) -> None:
    assert project.run("apply").code == 0
    answers = project.root / ".devkit/state/answers.json"
    document = json.loads(answers.read_text())
    status = json.loads(document["answers"]["status"][0])
    document["answers"]["status"] = [json.dumps({**status, "name": "kept"})]
    answers.write_text(json.dumps(document))

    assert "ago" not in project.run("status").stdout
    run_at(project, time.time() - 5 * 60)
    first = project.run("status").stdout
    run_at(project, time.time() - 3 * HOUR, Ending.SKIPPED)
    second = project.run("status").stdout

    assert first.startswith("kept\n")
    assert "done 5 min ago in 1.5 s" in first
    assert second.startswith("kept\n")
    assert "up to date 3 h ago" in second


def test_a_real_run_shows_in_a_kept_answer(project: DevkitProject) -> None:
    assert project.run("apply").code == 0
    assert project.run("run", "acme").code == 0

    assert "done just now in 0.0 s" in project.run("status").stdout
    assert last_runs(project.root, {"acme": ()})["acme"].ending is Ending.DONE


def test_looking_writes_nothing(project: DevkitProject) -> None:
    run_at(project, time.time())
    before = state_of(project)
    for words in (["status"], ["status", "--json"], ["status", "-v"]):
        assert project.run(*words).code == 0

    assert state_of(project) == before


of_stage: dict[str, st.SearchStrategy[Any]] = {
    "name": st.text(),
    "summary": st.text(),
    "distribution": st.text(),
    "is_enabled": st.booleans(),
    "files": st.integers(0, 99),
    "drift": st.dictionaries(st.text(), st.integers(0, 99)),
    "findings": st.integers(0, 99),
    "tasks": st.lists(st.text()).map(tuple),
    "regular": st.lists(st.text()).map(tuple),
    "last": st.none(),
}
stages = st.fixed_dictionaries(of_stage).map(lambda values: StageStatus(**values))
of_status: dict[str, st.SearchStrategy[Any]] = {
    "name": st.text(),
    "template": st.text(),
    "stages": st.lists(stages, max_size=3).map(tuple),
}


@given(st.fixed_dictionaries(of_status).map(lambda values: Status(**values)))
def test_a_kept_status_is_recalled(status: Status) -> None:
    assert recalled(kept(status)) == status


@pytest.mark.parametrize(
    "lines", [[], [""], ["5"], ["{}"], ['{"name": "", "template": "", "stages": [{}]}'], ["[" * 100_000]]
)
def test_what_is_no_status_is_not_recalled(lines: list[str]) -> None:
    assert recalled(lines) is None
