from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from devkit.testing import DevkitProject

SOURCE = """\
from devkit.api import RunCommand, Stage, Task, hookimpl


@hookimpl
def devkit_stages():
    return [Stage(name="acme", summary="Do acme things.")]


@hookimpl
def devkit_tasks(context):
    yield Task(name="acme:one", summary="Begin.", action=RunCommand(argv=("true",)))
    yield Task(name="acme:two", summary="End.", action=RunCommand(argv=("true",)), needs=("acme:one",))
"""


@pytest.fixture
def project(devkit_plugin: Callable[..., Path], devkit_project: Callable[..., DevkitProject]) -> DevkitProject:
    devkit_plugin("acme", SOURCE)
    project = devkit_project({"devkit.toml": ""})
    assert project.run("add", "acme").code == 0
    return project


def test_the_tasks_are_drawn_as_text(project: DevkitProject) -> None:
    assert project.run("graph").stdout == "project: tasks\n●   acme:one  Begin.\n└─● acme:two  End.\n"


def test_the_stages_are_drawn_when_asked_for(project: DevkitProject) -> None:
    assert project.run("graph", "--stages").stdout == "project: stages\n● acme  Do acme things.\n"
    assert project.run("graph", "--stages", "acme").code == 2


def test_names_choose_what_is_drawn(project: DevkitProject) -> None:
    assert "two" not in project.run("graph", "acme:one").stdout
    assert project.run("graph", "acme:three").code == 2


def test_the_document_holds_the_graph_and_its_drawing(project: DevkitProject) -> None:
    document = project.run("graph", "--json", "--format", "dot").document

    assert document["schema"] == "devkit.graph/1"
    assert document["edges"] == [{"source": "acme:one", "target": "acme:two", "optional": False}]
    assert document["drawing"].startswith("digraph")


def test_a_file_takes_its_format_from_its_name(project: DevkitProject) -> None:
    before = project.files()
    done = project.run("graph", "-o", "wheel.svg")

    assert done.stdout == "wrote wheel.svg\n"
    assert project.read("wheel.svg").startswith("<svg ")
    assert {*project.files()} - {*before} == {"wheel.svg"}


def test_a_file_that_cannot_be_written_is_named(project: DevkitProject) -> None:
    done = project.run("graph", "-o", "missing/wheel.svg")

    assert done.code == 74
    assert "missing/wheel.svg" in done.stderr


def test_a_cycle_is_drawn_and_is_a_failure(project: DevkitProject) -> None:
    project.write("devkit.toml", '[tasks."acme:one"]\nneeds = ["acme:two"]\n')
    done = project.run("graph", "--json")

    assert done.code == 78
    assert json.loads(done.stdout)["error"]["code"] == "DK0804"
    assert len(done.document["edges"]) == 2
