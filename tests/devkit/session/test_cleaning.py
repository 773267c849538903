from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from devkit.engine.lock import try_lock, writer_lock
from devkit.ledger.place import opening
from devkit.ledger.recorder import NewRun, Recorder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from devkit.testing import DevkitProject

CACHES = ("answers.json", "tasks/a.json", "idle/b", "ledger.sqlite3.broken-1", "run-0123456789abcdef")
MEMORY = ("ledger.sqlite3", "test/unit.json", "build/image.json", "kept/done", "locks/c")


@pytest.fixture
def project(devkit_project: Callable[..., DevkitProject]) -> DevkitProject:
    project = devkit_project({"devkit.toml": "", "mine.txt": "mine\n"})
    for name in (*CACHES, *MEMORY, "somebody/else", ".gitignore"):
        project.write(f".devkit/state/{name}", "text\n")
    return project


def kept(project: DevkitProject) -> set[str]:
    folder = project.root / ".devkit/state"
    names = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    return names - {"lock", "ledger.lock", ".gitignore"}


def test_what_can_be_made_again_goes_and_the_rest_stays(project: DevkitProject) -> None:
    before = project.files()
    done = project.run("clean")

    assert done.code == 0, done.stderr
    assert kept(project) == {*MEMORY, "somebody/else"}
    assert project.files() == before
    assert done.stdout.splitlines()[-1] == "freed 25 bytes"
    assert project.run("clean").stdout == "nothing to clean\n"


def test_looking_takes_nothing_away(project: DevkitProject) -> None:
    done = project.run("clean", "-n", "--json")

    assert kept(project) == {*CACHES, *MEMORY, "somebody/else"}
    assert done.document["bytes"] == 25
    assert {each["path"] for each in done.document["cleaned"]} >= {
        ".devkit/state/tasks",
        ".devkit/state/answers.json",
    }


def test_all_takes_the_memory_and_the_users_caches_too(project: DevkitProject, devkit_home: Path) -> None:
    compiled = devkit_home / ".cache/devkit/compiled/a.pack"
    compiled.parent.mkdir(parents=True)
    compiled.write_text("text")
    (devkit_home / ".cache/devkit/other").write_text("text")
    done = project.run("clean", "--all")

    assert done.code == 0, done.stderr
    assert kept(project) == {"somebody/else"}
    assert not compiled.exists()
    assert (devkit_home / ".cache/devkit/other").exists()


def test_outside_of_a_project_only_the_users_caches_can_be_meant(
    devkit_project: Callable[..., DevkitProject],
) -> None:
    folder = devkit_project()

    assert folder.run("clean").code == 66
    assert folder.run("clean", "--all").code == 0


def test_a_link_goes_itself_and_what_it_leads_to_stays(project: DevkitProject) -> None:
    (project.root / ".devkit/state/tasks/a.json").unlink()
    (project.root / ".devkit/state/tasks/out").symlink_to(project.root)
    assert project.run("clean").code == 0

    assert project.read("mine.txt") == "mine\n"
    assert not os.path.lexists(project.root / ".devkit/state/tasks")


def test_a_linked_state_folder_is_not_entered(project: DevkitProject, tmp_path: Path) -> None:
    os.rename(project.root / ".devkit/state", tmp_path / "elsewhere")
    (project.root / ".devkit/state").symlink_to(tmp_path / "elsewhere")

    assert project.run("clean").stdout == "nothing to clean\n"
    assert (tmp_path / "elsewhere/answers.json").exists()


def test_while_tasks_run_nothing_is_cleaned(project: DevkitProject) -> None:
    (project.root / ".devkit/state/ledger.sqlite3").unlink()
    with Recorder(root=project.root, run=NewRun(command="run", commit="", devkit="", subjects={})):
        done = project.run("clean")

    assert done.code == 75
    assert "answers.json" in kept(project)


def test_while_a_task_holds_its_outputs_nothing_is_cleaned(project: DevkitProject) -> None:
    handle = os.open(project.root / ".devkit/state/locks/c", os.O_RDWR)
    assert try_lock(handle)
    try:
        assert project.run("clean").code == 75
    finally:
        os.close(handle)
    assert "answers.json" in kept(project)


def test_while_another_devkit_writes_nothing_is_cleaned(
    project: DevkitProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("devkit.engine.lock.writer_lock.__wrapped__.__kwdefaults__", {"patience": 0.0})
    with writer_lock(project.root, command="apply"):
        done = project.run("clean")

    assert done.code == 75
    assert "answers.json" in kept(project)


def test_while_another_devkit_opens_the_history_nothing_is_cleaned(
    project: DevkitProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("devkit.ledger.place._PATIENCE", 0.0)
    with opening(project.root):
        done = project.run("clean", "--all")

    assert done.code == 75
    assert "ledger.sqlite3" in kept(project)
