from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from devkit.api import Call, DevkitError, Effect, Place, RunCommand, Task
from devkit.config.tasks import TaskSettings
from devkit.plan.owntasks import OwnTasks, with_own_tasks
from devkit.plan.plan import CONFIGURATION, PlannedTask

if TYPE_CHECKING:
    from collections.abc import Mapping

    from devkit.api.values import KeyPath

UNIT = Task(
    name="test:unit",
    action=RunCommand(argv=("pytest",), env={"A": "1"}),
    summary="Run the tests.",
    needs=("env:install", "test:lint"),
    inputs=("src/**",),
    accepts_arguments=True,
    effect=Effect.LOCAL,
)
LINT = Task(name="test:lint", action=Call(function="acme:lint"))
INSTALL = Task(name="env:install", action=RunCommand(argv=("true",)))


def place(path: KeyPath) -> Place:
    return Place(path="pyproject.toml", label=".".join(map(str, path)))


def joined(settings: Mapping[str, TaskSettings], absent: tuple[str, ...] = ()) -> dict[str, PlannedTask]:
    offered = {task.name: PlannedTask(task=task, plugin="test", package="acme") for task in (INSTALL, UNIT, LINT)}
    return with_own_tasks(offered, OwnTasks(settings=settings, stages=("env", "test"), place=place, absent=absent))


def refused(settings: Mapping[str, TaskSettings]) -> DevkitError:
    with pytest.raises(DevkitError) as caught:
        joined(settings)
    assert caught.value.exit == 78
    return caught.value


def test_a_task_without_a_stage_belongs_to_the_project() -> None:
    planned = joined({"seed": TaskSettings(run=("python", "seed.py"), summary="Seed.")})["project:seed"]

    assert planned.plugin == CONFIGURATION
    assert planned.place == place(("seed",))
    assert planned.task.summary == "Seed."
    assert planned.task.effect is Effect.LOCAL
    assert isinstance(planned.task.action, RunCommand)
    assert planned.task.action.path == (".venv/bin", "node_modules/.bin")


@pytest.mark.parametrize("settings", [
    {"audit": TaskSettings(run=("audit",), stage="test")},
    {"test:audit": TaskSettings(run=("audit",))},
    {"test:audit": TaskSettings(run=("audit",), stage="test")},
])  # fmt: skip
def test_the_stage_of_a_task_is_named_either_way(settings: Mapping[str, TaskSettings]) -> None:
    assert "test:audit" in joined(settings)


def test_needs_are_named_with_their_stage_or_without() -> None:
    settings = TaskSettings(run=("go",), needs=("seed", "env:install"), after=("unit", "lint?"))
    found = joined({"seed": TaskSettings(run=("seed",)), "go": settings})

    assert found["project:go"].task.needs == ("project:seed", "env:install", "test:unit?", "test:lint?")


def test_what_is_not_set_stays_as_the_plugin_has_it() -> None:
    planned = joined({"test:unit": TaskSettings(env={"B": "2"}, inputs=("tests/**",), cwd="service")})["test:unit"]

    assert (planned.plugin, planned.package) == ("test", "acme")
    assert planned.task.action == RunCommand(argv=("pytest",), env={"A": "1", "B": "2"}, cwd="service")
    assert planned.task.inputs == ("tests/**",)
    assert planned.task.summary == UNIT.summary
    assert planned.task.accepts_arguments


def test_another_command_does_not_inherit_what_describes_the_former() -> None:
    planned = joined({"test:unit": TaskSettings(run=("make", "test"), outputs=("report.xml",))})["test:unit"]

    assert planned.plugin == CONFIGURATION
    assert planned.task.inputs == ()
    assert planned.task.outputs == ("report.xml",)
    assert not planned.task.accepts_arguments
    assert planned.task.needs == UNIT.needs


def test_nothing_needs_what_is_switched_off() -> None:
    found = joined({"test:lint": TaskSettings(enabled=False)})

    assert "test:lint" not in found
    assert found["test:unit"].task.needs == ("env:install",)


def test_a_task_of_a_stage_whose_plugin_is_not_here_waits_for_it() -> None:
    settings = {
        "image": TaskSettings(run=("make",), stage="build"),
        "go": TaskSettings(run=("go",), needs=("build:image?",)),
    }

    found = joined(settings, absent=("build",))

    assert "build:image" not in found
    assert found["project:go"].task.needs == ("build:image?",)


@pytest.mark.parametrize(("settings", "message", "label"), [
    ({"a": TaskSettings()}, "has no `run`", "a"),
    ({"a": TaskSettings(enabled=False)}, "no task `project:a` to switch off", "a"),
    ({"a": TaskSettings(run=("a",), stage="tset")}, "no stage `tset`", "a.stage"),
    ({"tset:a": TaskSettings(run=("a",))}, "no stage `tset`", "tset:a"),
    ({"test:a": TaskSettings(run=("a",), stage="env")}, "`stage` says `env`", "test:a.stage"),
    ({"a b": TaskSettings(run=("a",))}, "no name for a task", "a b"),
    ({"a:b:c": TaskSettings(run=("a",))}, "no name for a task", "a:b:c"),
    ({"a": TaskSettings(run=("a",)), "project:a": TaskSettings(run=("b",))}, "are one task", "project:a"),
    ({"a": TaskSettings(run=("a",), needs=("untit",))}, "needs `untit`, which is no task", "a.needs"),
    ({"a": TaskSettings(run=("a",), after=("untit",))}, "comes after `untit`", "a.after"),
    (
        {"unit": TaskSettings(run=("a",)), "a": TaskSettings(run=("a",), needs=("unit",))},
        "may be test:unit or project:unit",
        "a.needs",
    ),
    ({"test:lint": TaskSettings(env={"A": "1"})}, "takes neither `env` nor `cwd`", "test:lint.env"),
    ({"test:lint": TaskSettings(cwd="a")}, "takes neither `env` nor `cwd`", "test:lint.cwd"),
])  # fmt: skip
def test_what_cannot_be_is_refused_with_its_place(
    settings: Mapping[str, TaskSettings], message: str, label: str
) -> None:
    error = refused(settings)

    assert message in error.message
    assert error.place == Place(path="pyproject.toml", label=label)


def test_a_misspelt_stage_gets_a_suggestion() -> None:
    assert "`test`" in refused({"a": TaskSettings(run=("a",), stage="tset")}).help


@pytest.mark.parametrize(("values", "message"), [
    ({"run": ()}, "begin with a program"),
    ({"run": ("",)}, "begin with a program"),
    ({"run": ("a", "b\0c")}, "NUL"),
    ({"outputs": ("../x",)}, "`../x` must lie in the project"),
    ({"outputs": ("/etc/x",)}, "must lie in the project"),
    ({"inputs": ("!a/../../x",)}, "must lie in the project"),
    ({"cwd": ".."}, "must lie in the project"),
    ({"cwd": "C:x"}, "must lie in the project"),
    ({"env": {"A-B": "1"}}, "`A-B` is not the name"),
    ({"variables": ("1A",)}, "`1A` is not the name"),
])  # fmt: skip
def test_settings_that_could_not_be_run_are_refused(values: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        TaskSettings(**values)  # type: ignore[arg-type]
