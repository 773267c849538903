from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

import pytest

from devkit.api.tasks import Call, Outcome, RunCommand, Task
from devkit.engine.executor import run_tasks
from devkit.engine.runner import Run, Runnable
from devkit.engine.taskcontext import Surroundings

if TYPE_CHECKING:
    from pathlib import Path

    from devkit.api import TaskContext


def fail(_: object, *, number: int) -> None:
    raise OSError(number, os.strerror(number), "requirements.lock")


@pytest.mark.parametrize(
    ("number", "code"),
    [(errno.EACCES, 77), (errno.ENOSPC, 74), (errno.EROFS, 74), (errno.ENOENT, 70)],
)
def test_a_disk_that_refuses_is_no_defect_of_the_plugin(tmp_path: Path, number: int, code: int) -> None:
    call = Call(function=f"{__name__}:fail", arguments={"number": number})
    task = Task(name="env:lock", summary="Lock.", action=call)
    done = Run()
    package = __name__.partition(".")[0]
    run_tasks(
        [Runnable(task=task, plugin="env", package=package)], Surroundings(root=tmp_path, tell=lambda _: None), done
    )

    assert done.failure is not None
    assert done.failure.exit == code
    assert "requirements.lock" in done.failure.message


@pytest.mark.parametrize(
    ("script", "message", "help_text"),
    [
        ("exit 3", "`test:it` ended with exit code 3", "it said nothing"),
        ("echo why >&2; exit 3", "`test:it` ended with exit code 3", "its output is above"),
        ("kill -9 $$", "`test:it` ended with exit code 137 (SIGKILL)", "it said nothing"),
    ],
)
def test_a_command_that_fails_says_how_and_whether_there_is_something_to_read(
    tmp_path: Path, script: str, message: str, help_text: str
) -> None:
    task = Task(name="test:it", action=RunCommand(argv=("sh", "-c", script)))
    done = Run()
    run_tasks([Runnable(task=task, plugin="p", package="p")], Surroundings(root=tmp_path, tell=lambda _: None), done)

    assert done.failure is not None
    assert (done.failure.message, done.failure.help) == (message, help_text)


def measure(context: TaskContext) -> None:
    context.record("words", len(context.arguments))


def test_a_call_gets_the_users_arguments_and_remembers_figures(tmp_path: Path) -> None:
    call = Call(function=f"{__name__}:measure")
    task = Task(name="test:unit", action=call, accepts_arguments=True)
    done = Run()
    surroundings = Surroundings(root=tmp_path, tell=lambda _: None, arguments=("a", "b"))
    run_tasks([Runnable(task=task, plugin="test", package=__name__.partition(".")[0])], surroundings, done)

    assert done.outcomes[0].figures == {"words": 2}


def find_nothing_to_do(context: TaskContext) -> None:
    context.up_to_date("all is there")


def test_a_call_that_finds_nothing_to_do_counts_as_skipped(tmp_path: Path) -> None:
    call = Call(function=f"{__name__}:find_nothing_to_do")
    done = Run()
    runnable = Runnable(task=Task(name="build:image", action=call), plugin="build", package="tests")
    run_tasks([runnable], Surroundings(root=tmp_path, tell=lambda _: None), done)

    assert [(each.outcome, each.reason) for each in done.outcomes] == [(Outcome.SKIPPED, "all is there")]
