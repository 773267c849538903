from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from devkit.testing import DevkitProject

TASKS = f"""\
[tasks.seed]
run = ['{sys.executable}', "-c", "import os; print('seeding', os.environ['MODE'])"]
env = {{MODE = "quick"}}
summary = "Seed the database."

[tasks.go]
run = ["echo", "went"]
needs = ["seed"]
accepts-arguments = true
"""


def test_a_task_of_the_configuration_runs_by_its_short_name(devkit_project: Callable[..., DevkitProject]) -> None:
    ran = devkit_project({"devkit.toml": TASKS}).run("run", "go", "-v", "--", "far")

    assert ran.code == 0
    assert ran.stderr.index("seeding quick") < ran.stderr.index("went far")


def test_arguments_that_no_task_takes_are_refused(devkit_project: Callable[..., DevkitProject]) -> None:
    ran = devkit_project({"devkit.toml": TASKS}).run("run", "seed", "--", "far")

    assert ran.code == 2
    assert "none of these tasks takes arguments: `project:seed`" in ran.stderr
    assert "accepts-arguments = true" in ran.stderr


@pytest.mark.parametrize(("tasks", "advice"), [(TASKS, "devkit run project"), ("", "devkit add STAGE")])
def test_a_run_without_names_and_without_the_usual_stages_says_what_to_do(
    devkit_project: Callable[..., DevkitProject], tasks: str, advice: str
) -> None:
    ran = devkit_project({"devkit.toml": tasks}).run("run")

    assert (ran.code, ran.stdout) == (0, "nothing to run\n")
    assert advice in ran.stderr


def test_tasks_of_no_stage_are_shown_as_the_projects(devkit_project: Callable[..., DevkitProject]) -> None:
    project = devkit_project({"devkit.toml": TASKS})
    (stage,) = (each for each in project.run("status", "--json").document["stages"] if each["enabled"])

    assert stage["name"] == "project"
    assert stage["tasks"] == ["project:seed", "project:go"]
    assert project.run("run", "project", "--json").document["done"] == 2


def test_explain_says_where_a_task_is_configured(devkit_project: Callable[..., DevkitProject]) -> None:
    ran = devkit_project({"devkit.toml": TASKS}).run("explain", "project:go")

    assert "It is configured in devkit.toml:6" in ran.stdout
    assert "It runs `echo went`." in ran.stdout
    assert "plugin" not in ran.stdout


def test_programs_of_the_projects_own_environment_come_first(devkit_project: Callable[..., DevkitProject]) -> None:
    project = devkit_project({"devkit.toml": '[tasks.own]\nrun = ["echo"]\n'})
    project.write(".venv/bin/echo", "#!/bin/sh\necho from the environment\n").chmod(0o755)

    assert "from the environment" in project.run("run", "own", "-v").stderr


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        ('[tasks.a]\nrun = ["a"]\nstage = "tset"\n', "the project has no stage `tset`", 3),
        ('[tasks.a]\nrun = ["a"]\nneeds = ["b"]\n', "`a` needs `b`, which is no task", 3),
        ('[tasks.a]\nsummary = "A."\n', "the task `a` has no `run`", 1),
        ('[tasks.a]\nrun = "a b"\n', "`tasks.a.run`", 2),
        ('[tasks.a]\nrun = ["a"]\noutputs = ["../b"]\n', "must lie in the project", 1),
        ('[tasks.a]\nrnu = ["a"]\n', "unknown key `rnu`", 2),
    ],
)
def test_a_mistake_is_shown_with_its_line(
    devkit_project: Callable[..., DevkitProject], text: str, message: str, line: int
) -> None:
    ran = devkit_project({"devkit.toml": text}).run("run", "a")

    assert ran.code == 78
    assert message in ran.stderr
    assert f"--> devkit.toml:{line}:" in ran.stderr


def test_tasks_that_need_each_other_are_refused(devkit_project: Callable[..., DevkitProject]) -> None:
    text = '[tasks.a]\nrun = ["a"]\nneeds = ["b"]\n[tasks.b]\nrun = ["b"]\nneeds = ["a"]\n'
    ran = devkit_project({"devkit.toml": text}).run("run", "a")

    assert ran.code == 78
    assert "project:a -> project:b -> project:a" in ran.stderr


def test_a_local_file_can_switch_a_task_off(devkit_project: Callable[..., DevkitProject]) -> None:
    project = devkit_project({"devkit.toml": TASKS, "devkit.local.toml": "[tasks.seed]\nenabled = false\n"})
    ran = project.run("run", "go", "-v")

    assert ran.code == 0
    assert "seeding" not in ran.stderr
