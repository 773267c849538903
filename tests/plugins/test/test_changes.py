from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from devkit_test.changes import changed_lines

from devkit.api import UNKNOWN_BASE, DevkitError
from devkit.engine.taskcontext import ProjectTaskContext, Surroundings
from devkit.testing import DevkitProject

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def project(devkit_project: Callable[..., DevkitProject]) -> DevkitProject:
    project = devkit_project({"a.py": "1\n2\n3\n", "gone.py": "1\n"})
    project.git("init", "-q", "-b", "main")
    project.git("add", ".")
    project.git("commit", "-qm", "start")
    return project


def lines(project: DevkitProject, base: str) -> dict[str, list[int]]:
    context = ProjectTaskContext(task="t", surroundings=Surroundings(root=project.root, tell=lambda _: None))
    return {path: sorted(found) for path, found in changed_lines(context, base).items()}


def test_lines_are_those_that_differ_from_where_the_work_left_the_base(project: DevkitProject) -> None:
    project.git("checkout", "-qb", "work")
    project.write("a.py", "1\nnew\n2\n3\nlast\n")
    project.write("odd name é.py", "1\n2\n")
    (project.root / "gone.py").unlink()

    assert lines(project, "main") == {"a.py": [2, 5], "odd name é.py": [1, 2]}


@pytest.mark.parametrize("base", ["nowhere", "--output=x", ""])
def test_a_base_that_git_does_not_know_is_wrong_usage(project: DevkitProject, base: str) -> None:
    with pytest.raises(DevkitError) as caught:
        lines(project, base)

    assert (caught.value.kind, caught.value.exit) == (UNKNOWN_BASE, 2)
    assert not (project.root / "x").exists()


def test_lines_are_those_of_the_project_where_it_is_a_folder_of_the_repository(project: DevkitProject) -> None:
    project.write("shop/b.py", "1\n")
    project.git("add", ".")
    project.git("commit", "-qm", "more")
    project.git("config", "diff.interHunkContext", "9")
    project.write("shop/b.py", "new\n1\nmore\n")
    project.write("shop/c.py", "1\n")
    project.write("a.py", "")

    assert lines(DevkitProject(project.root / "shop"), "main") == {"b.py": [1, 3], "c.py": [1]}
