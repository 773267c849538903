from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from devkit.testing import DevkitProject

CONFIG = """\
[tasks.writes]
run = ["sh", "-c", "echo more >> a.txt; echo more >> b.txt"]

[tasks.declares]
run = ["sh", "-c", "echo more >> a.txt"]
outputs = ["*.txt"]

[tasks.quiet]
run = ["sh", "-c", "echo more >> ignored.log"]
"""


@pytest.fixture
def project(devkit_project: Callable[..., DevkitProject], committed: Callable[..., DevkitProject]) -> DevkitProject:
    files = {"devkit.toml": CONFIG, "a.txt": "a\n", "b.txt": "b\n", ".gitignore": "*.log\n"}
    return committed(devkit_project(files))


def test_a_task_that_writes_into_tracked_files_is_found_with_their_names(project: DevkitProject) -> None:
    ran = project.run("run", "writes", "quiet", "-j1", "--json")

    assert ran.code == 0
    (finding,) = ran.document["findings"]
    assert finding["code"] == "DK0806"
    assert finding["message"].startswith("`a.txt`, `b.txt` are tracked by git, and changed while `project:writes`")


@pytest.mark.parametrize("task", ["declares", "quiet"])
def test_what_is_declared_or_not_tracked_is_no_finding(project: DevkitProject, task: str) -> None:
    assert project.run("run", task, "--json").document["findings"] == []


def test_what_was_changed_before_the_run_is_no_finding(project: DevkitProject) -> None:
    import os

    os.utime(project.write("a.txt", "mine\n"), (1_700_000_000, 1_700_000_000))

    assert project.run("run", "quiet", "--json").document["findings"] == []
