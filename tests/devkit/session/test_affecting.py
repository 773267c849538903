from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from devkit.testing import DevkitProject

TASKS = """\
[tasks.code]
run = ["true"]
inputs = ["src/**"]

[tasks.docs]
run = ["true"]
inputs = ["docs/**"]

[tasks.pack]
run = ["true"]
needs = ["code"]
"""


@pytest.fixture
def project(devkit_project: Callable[..., DevkitProject], committed: Callable[..., DevkitProject]) -> DevkitProject:
    files = {"devkit.toml": TASKS, "src/a.py": "a\n", "docs/a.md": "a\n", ".gitignore": ".devkit/\n*.log\n"}
    return committed(devkit_project(files))


def ran(project: DevkitProject, *words: str) -> list[str]:
    done = project.run("run", "project", "--affected", "--json", *words)
    assert done.code == 0, done.stderr
    return [task["task"].partition(":")[2] for task in done.document["tasks"]]


def test_nothing_changed_means_nothing_to_run(project: DevkitProject) -> None:
    assert ran(project) == []
    assert "0 files changed since main; affected: nothing" in project.run("run", "project", "--affected").stderr


@pytest.mark.parametrize("stage", ["edit", "staged", "untracked", "committed", "deleted"])
def test_a_change_counts_from_the_edit_to_the_commit(project: DevkitProject, stage: str) -> None:
    project.git("checkout", "-qb", "work")
    if stage == "deleted":
        (project.root / "src/a.py").unlink()
    else:
        project.write("src/new.py" if stage == "untracked" else "src/a.py", "b\n")
    if stage in {"staged", "committed"}:
        project.git("add", "-A")
    if stage == "committed":
        project.git("commit", "-qm", "second")

    assert ran(project) == ["code", "pack"]


def test_what_main_did_meanwhile_is_not_counted(project: DevkitProject) -> None:
    project.git("checkout", "-qb", "work")
    project.git("checkout", "-q", "main")
    project.write("docs/a.md", "b\n")
    project.git("commit", "-qam", "second")
    project.git("checkout", "-q", "work")

    assert ran(project) == []


def test_an_ignored_file_is_no_change(project: DevkitProject) -> None:
    project.write("src/a.log", "b\n")

    assert ran(project) == []


def test_the_base_may_be_named(project: DevkitProject) -> None:
    project.write("docs/a.md", "b\n")
    project.git("commit", "-qam", "second")

    assert ran(project, "--base", "HEAD") == []
    assert ran(project, "--base", "HEAD~1") == ["docs"]


@pytest.mark.parametrize("base", ["nowhere", "--upload-pack=x", "HEAD:src"])
def test_a_base_that_is_no_commit_is_refused(project: DevkitProject, base: str) -> None:
    done = project.run("run", "--affected", f"--base={base}")

    assert done.code == 2
    assert f"there is no commit `{base}`" in done.stderr


def test_without_a_repository_what_changed_is_not_known(devkit_project: Callable[..., DevkitProject]) -> None:
    done = devkit_project({"devkit.toml": TASKS}).run("run", "--affected")

    assert done.code == 2
    assert "not in a git repository" in done.stderr
