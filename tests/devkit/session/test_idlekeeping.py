"""Commands whose tasks are calls: by what they rest on, it is told that they have nothing to do."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import pytest

from devkit.ledger.history import history
from devkit.session.idle import Asked, idle_answer, read_kept, show
from devkit.testing import run_devkit

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from devkit.testing import DevkitProject

PLUGIN = '''\
import click

from devkit.api import Call, Command, CommandClass, Evidence, Result, Stage, Task, hookimpl, with_context


@hookimpl
def devkit_stages():
    return [Stage(name="ship", summary="Ship.")]


@hookimpl
def devkit_commands():
    return [Command(name="ship", summary="Ship.", target="ship_plugin:ship")]


@hookimpl
def devkit_tasks(context):
    yield Task(name="ship:pack", action=Call(function="ship_plugin:pack"), outputs=("packed",))


def pack(context):
    cargo = (context.root / "cargo").read_text()
    (context.root / "packed").write_text("cargo")
    answers = {("cat", "harbour"): (context.root / "harbour").read_text()}
    paths = ("cargo", "more")
    holds = lambda now: (now.root / "cargo").read_text() == cargo and now.capture(["true"])[0] == 0
    context.rest_on(Evidence(holds=holds, paths=paths, answers=answers, variables=("TIDE",)))
    if (context.root / "late").exists():
        (context.root / "cargo").write_text("late")


@click.command(cls=CommandClass)
@click.option("--send", is_flag=True)
@with_context
def ship(context, *, send):
    """Ship it."""
    ran = context.run_tasks(["ship:pack"], answer=lambda: ["shipped"])
    return Result(schema="acme.ship/1", lines=["shipped"], error=ran.error)
'''


@pytest.fixture(params=["git", "none"])
def project(
    request: pytest.FixtureRequest,
    devkit_project: Callable[..., DevkitProject],
    devkit_plugin: Callable[..., Path],
    committed: Callable[..., DevkitProject],
    monkeypatch: pytest.MonkeyPatch,
) -> DevkitProject:
    """Return a project whose files, and whose plugin, were left alone for long, and which was shipped."""
    monkeypatch.setattr(time, "time_ns", lambda: 1 << 62)
    devkit_plugin("ship", PLUGIN)
    made = devkit_project(
        {"devkit.toml": "", "cargo": "apples", "harbour": "open", ".gitignore": ".devkit/\npacked\n"}
    )
    assert made.run("add", "ship").code == 0
    if request.param == "git":
        committed(made)
    monkeypatch.chdir(made.root)
    assert run_devkit("ship").code == 0
    assert kept_answers(made)
    return made


def kept_answers(project: DevkitProject) -> list[Path]:
    """Return the files of kept answers."""
    return list((project.root / ".devkit/state/idle").glob("of-*"))


def test_a_bare_command_is_answered_without_its_plugin(
    project: DevkitProject, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = idle_answer(["ship"])
    assert kept is not None
    show(kept)

    assert tuple(capsys.readouterr()) == ("shipped\n", "skipped ship:pack  nothing changed\n")
    assert next((run.command, run.tasks[0].subject.name) for run in history(project.root)) == ("ship", "ship:pack")


def test_a_run_is_answered_too(project: DevkitProject) -> None:
    assert idle_answer(["run", "ship"]) is None
    assert project.run("run", "ship").code == 0

    kept = idle_answer(["run", "ship"])
    assert kept is not None
    assert kept.printed == []


@pytest.mark.parametrize("change", ["edit", "new", "output", "answer", "failing", "variable", "settings", "local"])
def test_a_change_of_what_a_call_rests_on_leaves_the_answer_to_it(
    project: DevkitProject, change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    match change:
        case "edit":
            project.write("cargo", "pears")
        case "new":
            project.write("more", "pears")
        case "output":
            (project.root / "packed").unlink()
        case "answer":
            project.write("harbour", "shut")
        case "failing":
            (project.root / "harbour").unlink()
        case "variable":
            monkeypatch.setenv("TIDE", "low")
        case "settings":
            project.write("devkit.toml", "[tasks.other]\nrun = ['true']\n")
        case _:
            project.write("devkit.local.toml", "")

    assert idle_answer(["ship"]) is None


@pytest.mark.parametrize("words", [["ship", "--send"], ["ship", "-q"], ["--json", "ship"]])
def test_with_options_nothing_is_kept(project: DevkitProject, words: list[str]) -> None:
    for path in kept_answers(project):
        path.unlink()
    assert run_devkit(*words).code == 0

    assert not kept_answers(project)


def test_what_changed_after_the_call_looked_is_not_relied_on(project: DevkitProject) -> None:
    for path in kept_answers(project):
        path.unlink()
    project.write("late", "")
    assert run_devkit("ship").code == 0

    assert not kept_answers(project)


def test_an_answer_that_came_with_a_clone_starts_no_program(project: DevkitProject) -> None:
    text = kept_answers(project)[0].read_text()
    planted = read_kept(text)
    assert planted is not None
    planted.programs = [f"\ttouch\t{project.root.parent / 'owned'}"]
    planted.tools = []
    kept_answers(project)[0].write_text(planted.text())
    assert idle_answer(["ship"]) is not None
    (project.root.parent / "owned").unlink()
    planted.key[1] = "guessed"
    kept_answers(project)[0].write_text(planted.text())

    assert idle_answer(["ship"]) is None
    assert not (project.root.parent / "owned").exists()


@pytest.fixture
def slow_program(tmp_path: Path) -> Path:
    path = tmp_path / "slow"
    path.write_text("#!/bin/sh\nexec sleep 1000\n")
    path.chmod(0o755)
    return path


def test_a_program_that_does_not_answer_is_stopped(slow_program: Path) -> None:
    asked = Asked([str(slow_program)], os.environ)
    process = asked._pid
    assert asked.answer(patience=10) is None
    asked.close()

    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)
