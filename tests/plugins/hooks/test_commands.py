from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from devkit.testing import DevkitProject


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ((), "run"),
        (("--all-files",), "run --all-files"),
        (("--from-ref", "HEAD", "--to-ref", "@"), "run --from-ref HEAD --to-ref @"),
        (("--from-ref", "@"), "run --from-ref @ --to-ref HEAD"),
        (("README.md", "--hook-stage", "pre-push"), "run --hook-stage pre-push --files README.md"),
    ],
)
def test_the_runner_is_asked_for_the_same_files(
    repository: DevkitProject, runner: Path, words: tuple[str, ...], expected: str
) -> None:
    assert repository.run("--json", "hooks", "run", *words).code == 0
    assert runner.read_text("utf-8") == f"{expected}\n"


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a `pre-commit` on PATH that writes down which index it was told of; return where."""
    folder, said = tmp_path / "bin", tmp_path / "said"
    folder.mkdir()
    (folder / "pre-commit").write_text(f'#!/bin/sh\nprintf %s "${{GIT_INDEX_FILE-none}}" >{said}\n', "utf-8")
    (folder / "pre-commit").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    return said


@pytest.mark.parametrize("is_json", [True, False])
@pytest.mark.parametrize(
    ("name", "is_own"),
    [
        (".git/index.lock", True),
        (".git/next-index-1.lock", True),
        (".git/index", True),
        (".git/modules/sub/index", False),
        ("/other/.git/index.lock", False),
        ("", False),
    ],
)
def test_a_hook_of_the_users_own_checks_the_index_that_is_committed_and_none_of_another_repository(
    repository: DevkitProject, index: Path, monkeypatch: pytest.MonkeyPatch, name: str, *, is_own: bool, is_json: bool
) -> None:
    monkeypatch.setenv("GIT_INDEX_FILE", name)

    assert repository.run(*(["--json"] if is_json else []), "hooks", "run").code == 0
    assert index.read_text("utf-8") == (str(repository.root / name) if is_own else "none")


@pytest.mark.usefixtures("runner")
@pytest.mark.parametrize("words", [("a.txt", "--all-files"), ("--to-ref", "B"), ("--all-files", "--from-ref", "A")])
def test_choices_that_contradict_are_refused(repository: DevkitProject, words: tuple[str, ...]) -> None:
    assert repository.run("hooks", "run", *words).code == 2


@pytest.mark.usefixtures("runner")
@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("gone.txt",), 66, "there is no `gone.txt`"),
        (("--from-ref", "gone"), 2, "git knows no commit `gone`"),
        (("--from-ref", "HEAD", "--to-ref", "gone"), 2, "git knows no commit `gone`"),
    ],
)
def test_what_is_not_there_is_no_success(
    repository: DevkitProject, words: tuple[str, ...], code: int, message: str
) -> None:
    done = repository.run("hooks", "run", *words)

    assert (done.code, message in done.stderr) == (code, True)


def test_files_are_those_of_the_folder_that_it_is_called_in(repository: DevkitProject, tmp_path: Path) -> None:
    repository.write("sub/a.txt", "a\n")
    said = tmp_path / "where"
    (tmp_path / "pre-commit").write_text(f"#!/bin/sh\npwd >{said}\n")
    (tmp_path / "pre-commit").chmod(0o755)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
        done = repository.run("-C", str(repository.root / "sub"), "--json", "hooks", "run", "a.txt")

    assert done.code == 0
    assert said.read_text("utf-8") == f"{repository.root / 'sub'}\n"


@pytest.mark.usefixtures("runner")
def test_an_unknown_stage_is_refused(repository: DevkitProject) -> None:
    done = repository.run("hooks", "run", "--hook-stage", "pre-comit")

    assert done.code == 2
    assert "did you mean `pre-commit`?" in done.stderr


@pytest.mark.usefixtures("runner")
def test_hooks_that_are_not_content_are_a_failure(repository: DevkitProject, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUNNER_CODE", "9")

    done = repository.run("--json", "hooks", "run")

    assert done.code == 1
    assert done.document["error"]["code"] == "DK1202"


@pytest.mark.usefixtures("_alone")
def test_without_a_runner_it_says_how_to_get_one(repository: DevkitProject) -> None:
    done = repository.run("hooks", "run")

    assert done.code == 69
    assert "pipx install pre-commit" in done.stderr


@pytest.mark.usefixtures("runner")
def test_what_is_configured_and_installed_is_listed(repository: DevkitProject) -> None:
    repository.run("hooks", "install")

    document = repository.run("--json", "hooks", "list").document

    assert document["runner"] == "pre-commit"
    assert document["installed"] == {"pre-commit": "installed", "commit-msg": "installed", "pre-push": "installed"}
    assert {"words", "proof", "private-key"} <= {hook["id"] for hook in document["hooks"]}
    assert "pre-push: installed\n  proof" in repository.run("hooks", "list").stdout


@pytest.mark.usefixtures("runner")
def test_a_broken_configuration_is_named(repository: DevkitProject) -> None:
    repository.write(".pre-commit-config.yaml", "repos: [\n")

    for command in ("list", "run", "install"):
        done = repository.run("hooks", command)
        assert done.code == 65
        assert ".pre-commit-config.yaml" in done.stderr


@pytest.mark.parametrize("make", [os.mkdir, os.mkfifo])
def test_what_is_no_file_is_no_configuration(repository: DevkitProject, make: Callable[[Path], None]) -> None:
    config = repository.root / ".pre-commit-config.yaml"
    config.unlink()
    make(config)

    done = repository.run("hooks", "list")

    assert done.code == 65
    assert "`.pre-commit-config.yaml` is no file" in done.stderr


def test_a_file_that_begins_with_a_dash_is_a_file(repository: DevkitProject, runner: Path) -> None:
    repository.write("-n", "")

    assert repository.run("--json", "hooks", "run", "--", "-n").code == 0
    assert runner.read_text("utf-8") == "run --files ./-n\n"


def test_hooks_without_a_stage_are_listed_without_a_state(repository: DevkitProject) -> None:
    repository.write(
        ".pre-commit-config.yaml", "repos:\n  - {repo: https://a.example, rev: v1, hooks: [{id: one}]}\n"
    )

    assert "every stage:\n  one" in repository.run("hooks", "list").stdout
