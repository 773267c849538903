from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from devkit.testing import DevkitProject

PLUGIN = '''\
import click

from devkit.api import (
    Command, CommandClass, DevkitError, Effect, Finding, GroupClass, Result, RunCommand, Stage, TASK_FAILED, Task,
    hookimpl, with_context,
)

PLANNED = []


@hookimpl
def devkit_stages():
    return [Stage(name="ship", summary="Ship.")]


@hookimpl
def devkit_commands():
    names = ("ship", "dock", "plain", "leave")
    return [Command(name=name, summary="Ship.", target=f"ship_plugin:{name}") for name in names]


@hookimpl
def devkit_tasks(context):
    yield Task(name="ship:pack", action=RunCommand(argv=("echo", "packed")), accepts_arguments=True)
    yield Task(name="ship:fail", action=RunCommand(argv=("false",)))
    yield Task(name="ship:send", action=RunCommand(argv=("echo", "sent")), effect=Effect.PUBLISH)
    PLANNED.append(context)
    yield Task(name="ship:load", action=RunCommand(argv=("touch", "loaded")))
    if context.tree.exists("loaded"):
        yield Task(name="ship:sail", action=RunCommand(argv=("touch", "sailed")))


@click.command(cls=CommandClass)
@click.option("--task", default="ship:pack")
@click.option("--send", is_flag=True)
@with_context
def ship(context, *, task, send):
    """Ship it."""
    PLANNED.clear()
    effects = (Effect.LOCAL, Effect.PUBLISH) if send else (Effect.LOCAL,)
    tasks = context.tasks
    ran = context.run_tasks([task], ("mine",), effects=effects)
    data = {"stages": list(context.context.stages), "tasks": tasks, "planned": len(PLANNED)}
    return Result(schema="acme.ship/1", data=data, lines=["shipped"], error=ran.error)


@click.group(cls=GroupClass)
def dock():
    """Dock it."""


@dock.command("now")
@click.option("--pack", "packs", is_flag=True)
@with_context
def now(context, *, packs):
    """Dock now."""
    if packs:
        context.run_tasks(["ship:pack"])
    context.say("docking")
    context.find(Finding(code="SHIP1", message="the tide is low"))
    return Result(schema="acme.dock/1", lines=["yes" if context.confirm("Dock?") else "no"])


@click.command(cls=CommandClass)
@with_context
def leave(context):
    """Load, then sail."""
    data = {"before": list(context.tasks)}
    context.run_tasks(["ship:load"])
    data["after"] = list(context.tasks)
    return Result(schema="acme.leave/1", data=data, error=context.run_tasks(["ship:sail"]).error)


@click.command()
@click.option("-v", "volume")
def plain(volume):
    click.echo(f"plain {volume}")
'''


@pytest.fixture
def project(devkit_project: Callable[..., DevkitProject], devkit_plugin: Callable[..., Path]) -> DevkitProject:
    devkit_plugin("ship", PLUGIN)
    made = devkit_project({"devkit.toml": ""})
    assert made.run("add", "ship").code == 0
    return made


def test_a_command_runs_tasks_and_answers_with_a_document(project: DevkitProject) -> None:
    ran = project.run("ship", "--json")

    assert ran.code == 0
    assert ran.document["schema"] == "acme.ship/1"
    assert ran.document["stages"] == ["ship"]


def test_global_options_are_taken_after_the_name_of_a_plugins_command(project: DevkitProject) -> None:
    ran = project.run("ship", "-v", "--color", "never")

    assert ran.stdout == "shipped\n"
    assert "packed mine" in ran.stderr


def test_global_options_are_taken_below_the_group_of_a_plugin(project: DevkitProject) -> None:
    ran = project.run("dock", "now", "--json", "--yes")

    assert ran.document["findings"][0]["code"] == "SHIP1"
    assert project.run("dock", "now", "--yes").stdout == "yes\n"


def test_a_command_that_looks_at_the_tasks_and_runs_some_has_them_planned_once(project: DevkitProject) -> None:
    ran = project.run("ship", "--json")

    assert "ship:pack" in ran.document["tasks"]
    assert ran.document["planned"] == 1


def test_what_a_task_changed_counts_for_the_next_ones(project: DevkitProject) -> None:
    ran = project.run("leave", "--json")

    assert ran.code == 0, ran.stderr
    assert "ship:sail" not in ran.document["before"]
    assert "ship:sail" in ran.document["after"]
    assert (project.root / "sailed").exists()


def test_a_failed_task_is_the_failure_of_the_command(project: DevkitProject) -> None:
    ran = project.run("ship", "--task", "ship:fail")

    assert ran.code == 1
    assert "error[DK0801]" in ran.stderr


def test_a_task_that_reaches_further_is_run_only_for_a_command_that_says_so(project: DevkitProject) -> None:
    assert project.run("ship", "--task", "ship:send").code == 2
    assert project.run("ship", "--task", "ship:send", "--send").code == 0


def test_a_question_without_a_terminal_is_wrong_usage(project: DevkitProject) -> None:
    ran = project.run("dock", "now")

    assert ran.code == 2
    assert "--yes confirms it" in ran.stderr
    assert "nothing was changed" in ran.stderr


def test_a_question_that_comes_after_tasks_says_that_they_have_run(project: DevkitProject) -> None:
    ran = project.run("dock", "now", "--pack")

    assert ran.code == 2
    assert "state: what was asked for before the question has run" in ran.stderr


def test_a_command_whose_stage_is_not_used_says_how_to_add_it(project: DevkitProject) -> None:
    assert project.run("remove", "ship").code == 0

    ran = project.run("ship")

    assert ran.code == 78
    assert "devkit add ship" in ran.stderr


def test_an_ordinary_click_command_keeps_its_own_options(project: DevkitProject) -> None:
    assert project.run("plain", "-v", "loud", "--offline").code == 0
