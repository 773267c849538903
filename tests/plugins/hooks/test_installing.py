from __future__ import annotations

import os
import shlex
import stat
import subprocess
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from devkit.testing import DevkitProject

TYPES = {"pre-commit", "commit-msg", "pre-push"}


def hooks_of(folder: Path) -> dict[str, tuple[int, bytes | str]]:
    """Return mode and content of every hook in a folder that is no sample."""
    found: dict[str, tuple[int, bytes | str]] = {}
    for path in folder.iterdir():
        if path.suffix != ".sample":
            content = os.readlink(path) if path.is_symlink() else path.read_bytes()
            found[path.name] = (stat.S_IMODE(path.lstat().st_mode), content)
    return found


def write_hook(folder: Path, name: str, text: str, mode: int = 0o755) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, "utf-8")
    (folder / name).chmod(mode)
    return folder / name


def git(project: DevkitProject, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["git", *words], cwd=project.root, capture_output=True, text=True, check=False)


@pytest.mark.usefixtures("runner")
def test_the_hooks_that_are_configured_are_installed_and_taken_away(repository: DevkitProject) -> None:
    folder = repository.root / ".git/hooks"
    before = hooks_of(folder)

    done = repository.run("--json", "hooks", "install")

    assert set(done.document["changed"]) == TYPES
    assert set(hooks_of(folder)) == {*before, *TYPES}
    assert repository.run("--json", "hooks", "uninstall").code == 0
    assert hooks_of(folder) == before


def test_a_second_installation_changes_nothing(repository: DevkitProject) -> None:
    repository.run("hooks", "install")
    times = {path: path.stat().st_mtime_ns for path in (repository.root / ".git/hooks").iterdir()}

    assert repository.run("--json", "hooks", "install").document["changed"] == []
    assert {path: path.stat().st_mtime_ns for path in (repository.root / ".git/hooks").iterdir()} == times


def test_a_hook_names_no_folder_of_this_machine(repository: DevkitProject) -> None:
    repository.run("hooks", "install")

    text = (repository.root / ".git/hooks/pre-commit").read_text("utf-8")
    assert str(repository.root) not in text
    assert os.path.dirname(os.__file__) not in text
    assert len(text.splitlines()) < 45


def test_a_commit_asks_the_runner(repository: DevkitProject, runner: Path) -> None:
    repository.run("hooks", "install")
    repository.write("a.txt", "a\n")
    repository.git("add", "a.txt")
    repository.git("commit", "-qm", "add a")

    said = runner.read_text("utf-8").splitlines()
    assert said[0].startswith("hook-impl --hook-type=pre-commit --hook-dir=")
    assert said[1].endswith("-- .git/COMMIT_EDITMSG")


@pytest.mark.parametrize("mark", ["PRE_COMMIT_RUNNING_LEGACY", "PREK_RUNNING_LEGACY"])
def test_a_runner_that_was_installed_over_ours_is_not_asked_again(
    repository: DevkitProject, runner: Path, monkeypatch: pytest.MonkeyPatch, mark: str
) -> None:
    repository.run("hooks", "install")
    monkeypatch.setenv(mark, "1")

    repository.git("commit", "--allow-empty", "-qm", "x")

    assert not runner.exists()


def test_a_commit_is_refused_when_the_runner_is_not_content(
    repository: DevkitProject, runner: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.run("hooks", "install")
    monkeypatch.setenv("RUNNER_CODE", "1")

    assert git(repository, "commit", "--allow-empty", "-qm", "x").returncode == 1
    assert runner.exists()


@pytest.mark.usefixtures("runner")
@pytest.mark.parametrize("mode", [0o755, 0o700, 0o775])
def test_a_hook_of_the_user_is_run_first_and_comes_back(repository: DevkitProject, mode: int, tmp_path: Path) -> None:
    folder = repository.root / ".git/hooks"
    write_hook(folder, "pre-commit", f"#!/bin/sh\necho mine > {tmp_path}/mine\n", mode)
    before = hooks_of(folder)

    repository.run("hooks", "install")
    repository.git("commit", "--allow-empty", "-qm", "x")
    repository.run("hooks", "uninstall")

    assert (tmp_path / "mine").read_text("utf-8") == "mine\n"
    assert hooks_of(folder) == before


@pytest.mark.usefixtures("runner")
@pytest.mark.parametrize("shell", ["/bin/sh", "/usr/bin/env sh", "/bin/bash", "/usr/bin/env bash"])
def test_a_hook_that_goes_by_its_own_name_is_run_under_it(
    repository: DevkitProject, tmp_path: Path, shell: str
) -> None:
    folder = repository.root / ".husky/_"
    folder.parent.mkdir()
    repository.git("config", "core.hooksPath", ".husky/_")
    text = f'#!{shell}\n. "$(dirname "$0")/h"\n'
    write_hook(folder, "pre-commit", text)
    write_hook(folder, "h", f'echo "$(basename "$0") $#" >> {tmp_path}/ran\nexit "${{MINE:-0}}"\n', 0o644)
    repository.run("hooks", "install")

    repository.git("commit", "--allow-empty", "-qm", "x")
    write_hook(folder, "pre-commit", text)  # as every `npm install` does
    assert repository.run("hooks", "install").code == 0
    repository.git("commit", "--allow-empty", "-qm", "x")

    assert (tmp_path / "ran").read_text("utf-8") == "pre-commit 0\n" * 2
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MINE", "1")
        assert git(repository, "commit", "--allow-empty", "-qm", "x").returncode == 1


@pytest.mark.usefixtures("runner")
@pytest.mark.parametrize(
    ("entry", "folder", "way"),
    [(".venv/bin/ruff check", ".venv", "uv sync"), ("npx --no-install eslint", "node_modules", "npm ci")],
)
def test_in_a_work_tree_without_its_environment_a_refusal_says_what_makes_it(
    repository: DevkitProject, monkeypatch: pytest.MonkeyPatch, entry: str, folder: str, way: str
) -> None:
    config = (repository.root / ".pre-commit-config.yaml").read_text("utf-8")
    repository.write(".pre-commit-config.yaml", config.replace("entry: spell", f"entry: {entry}"))
    repository.write("uv.lock", "")
    repository.run("hooks", "install")
    monkeypatch.setenv("RUNNER_CODE", "1")

    lacking = git(repository, "commit", "--allow-empty", "-qm", "x")
    (repository.root / folder).mkdir()
    there = git(repository, "commit", "--allow-empty", "-qm", "x")

    assert (lacking.returncode, f"{folder}, which is not here yet: {way}" in lacking.stderr) == (1, True)
    assert (there.returncode, "not here yet" in there.stderr) == (1, False)


def test_what_a_hook_of_the_user_refuses_is_refused(repository: DevkitProject, runner: Path) -> None:
    write_hook(repository.root / ".git/hooks", "pre-commit", "#!/bin/sh\nexit 3\n")
    repository.run("hooks", "install")

    assert git(repository, "commit", "--allow-empty", "-qm", "x").returncode == 1
    assert not runner.exists()


def test_both_hooks_read_what_git_says_before_a_push(repository: DevkitProject, runner: Path, tmp_path: Path) -> None:
    write_hook(repository.root / ".git/hooks", "pre-push", f"#!/bin/sh\ncat > {tmp_path}/mine\n")
    repository.run("hooks", "install")
    subprocess.run(["git", "init", "-q", "--bare", tmp_path / "remote"], check=True)
    repository.git("push", "-q", str(tmp_path / "remote"), "HEAD:main")

    mine = (tmp_path / "mine").read_text("utf-8")
    assert "refs/heads/main" in mine
    assert runner.read_text("utf-8").endswith(mine)


def test_a_hook_that_git_does_not_run_is_not_run_by_ours(repository: DevkitProject, runner: Path) -> None:
    write_hook(repository.root / ".git/hooks", "pre-commit", "#!/bin/sh\nexit 1\n", 0o644)
    repository.run("hooks", "install")

    repository.git("commit", "--allow-empty", "-qm", "x")
    assert runner.exists()


@pytest.mark.parametrize("sign", ["File generated by pre-commit: https://pre-commit.com", "File generated by prek"])
def test_a_hook_of_the_runner_itself_is_not_run_beside_ours_and_comes_back(
    repository: DevkitProject, runner: Path, sign: str
) -> None:
    folder = repository.root / ".git/hooks"
    write_hook(folder, "pre-commit", f"#!/bin/sh\n# {sign}\nexit 1\n")
    before = hooks_of(folder)
    repository.run("hooks", "install")

    repository.git("commit", "--allow-empty", "-qm", "x")
    repository.run("hooks", "uninstall")

    assert runner.exists()
    assert hooks_of(folder) == before


@pytest.mark.usefixtures("runner")
def test_a_hook_of_the_user_that_only_speaks_of_a_runner_is_run(repository: DevkitProject, tmp_path: Path) -> None:
    text = f"#!/bin/sh\n# one day perhaps: https://pre-commit.com\ntouch {tmp_path / 'was-run'}\n"
    write_hook(repository.root / ".git/hooks", "pre-commit", text)
    repository.run("hooks", "install")

    repository.git("commit", "--allow-empty", "-qm", "x")

    assert (tmp_path / "was-run").exists()


def test_a_link_to_a_hook_is_kept_as_a_link(repository: DevkitProject) -> None:
    folder = repository.root / ".git/hooks"
    write_hook(folder, "mine", "#!/bin/sh\n")
    (folder / "pre-commit").symlink_to("mine")
    before = hooks_of(folder)

    repository.run("hooks", "install")
    assert hooks_of(folder)["mine"] == before["mine"]
    repository.run("hooks", "uninstall")
    assert hooks_of(folder) == before


def test_a_second_hook_of_the_user_is_not_put_over_the_first(repository: DevkitProject) -> None:
    folder = repository.root / ".git/hooks"
    write_hook(folder, "pre-commit", "#!/bin/sh\n: first\n")
    repository.run("hooks", "install")
    write_hook(folder, "pre-commit", "#!/bin/sh\n: second\n")
    before = hooks_of(folder)

    done = repository.run("hooks", "install")

    assert done.code == 73
    assert hooks_of(folder) == before


def test_a_folder_of_hooks_in_the_repository_is_used(repository: DevkitProject) -> None:
    repository.git("config", "core.hooksPath", ".githooks")

    repository.run("hooks", "install")

    assert set(hooks_of(repository.root / ".githooks")) == TYPES
    assert not (repository.root / ".git/hooks/pre-commit").exists()


def test_an_empty_name_of_a_folder_is_no_folder_of_the_repository(repository: DevkitProject) -> None:
    repository.git("config", "core.hooksPath", "")

    assert repository.run("hooks", "install").code == 77


def test_a_usual_folder_that_is_a_link_away_has_a_way_out(repository: DevkitProject, tmp_path: Path) -> None:
    (repository.root / ".git/hooks").rename(tmp_path / "outside")
    (repository.root / ".git/hooks").symlink_to(tmp_path / "outside")

    said = repository.run("hooks", "install").stderr
    repository.git(*shlex.split(said.partition("its own: git ")[2].splitlines()[0]))

    assert repository.run("hooks", "install").code == 0


@pytest.mark.parametrize("way", ["absolute", "link", "upward"])
def test_a_folder_of_hooks_outside_is_never_written(repository: DevkitProject, tmp_path: Path, way: str) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (repository.root / "inside").symlink_to(outside)
    names = {"absolute": str(outside), "link": "inside", "upward": "../outside"}
    repository.git("config", "core.hooksPath", names[way])

    done = repository.run("hooks", "install")

    assert done.code == 77
    assert "git config --local core.hooksPath" in done.stderr
    assert list(outside.iterdir()) == []
    setup = repository.run("run", "hooks")
    assert setup.code == 0, "as part of a set-up it is no failure"
    assert "no hooks were installed" in setup.stdout + setup.stderr


def test_a_linked_work_tree_shares_the_hooks(repository: DevkitProject, runner: Path, tmp_path: Path) -> None:
    repository.git("worktree", "add", "-q", str(tmp_path / "linked"))
    linked = type(repository)(tmp_path / "linked")

    assert linked.run("hooks", "install").code == 0
    linked.git("commit", "--allow-empty", "-qm", "x")

    assert (repository.root / ".git/hooks/pre-commit").exists()
    assert runner.exists()


@pytest.mark.usefixtures("_alone")
def test_where_neither_runner_is_the_message_says_how_to_get_one(repository: DevkitProject) -> None:
    repository.run("hooks", "install")

    done = git(repository, "commit", "--allow-empty", "-qm", "x")

    assert done.returncode == 1
    assert "pipx install pre-commit" in done.stderr
    assert "--no-verify" in done.stderr


def test_the_runner_that_came_with_devkit_serves_in_the_end(
    repository: DevkitProject, runner: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.executable", str(runner.parent / "bin/python"))
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    repository.run("hooks", "install")

    repository.git("commit", "--allow-empty", "-qm", "x")
    assert "--hook-type=pre-commit" in runner.read_text("utf-8")
    assert repository.run("hooks", "uninstall").code == 0
    assert git(repository, "config", "--get", "devkit.runner").returncode == 1


def test_a_project_that_locks_a_runner_uses_no_other(
    repository: DevkitProject, runner: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.executable", str(runner.parent / "bin/python"))
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    repository.run("hooks", "install")
    repository.write("uv.lock", "")
    repository.run("hooks", "install")

    done = git(repository, "commit", "--allow-empty", "-qm", "x")

    assert (done.returncode, "uv sync" in done.stderr) == (1, True)
    assert repository.run("hooks", "run").code == 69
    assert not runner.exists()


def test_a_commit_without_a_configuration_is_not_refused(repository: DevkitProject, runner: Path) -> None:
    repository.run("hooks", "install")
    (repository.root / ".pre-commit-config.yaml").unlink()

    repository.git("commit", "--allow-empty", "-qm", "x")
    assert not runner.exists()


def test_a_repository_of_somebody_else_is_not_taken_for_none(
    repository: DevkitProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")

    done = repository.run("hooks", "install")
    doctor = repository.run("doctor")

    for said in (done.stderr, doctor.stderr):
        assert f"git config --global --add safe.directory {repository.root}" in said
    assert done.code == 66


def test_a_hook_that_may_not_be_written_is_named_and_not_what_it_is_written_to_first(
    repository: DevkitProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(source: str, target: str) -> None:
        raise PermissionError(13, "Permission denied", source, None, target)

    with monkeypatch.context() as patch:
        patch.setattr("devkit_hooks.installing.os.replace", refuse)
        done = repository.run("hooks", "install")

    assert done.code == 77
    assert f"--> {repository.root}/.git/hooks/pre-commit\n" in done.stderr
    assert "writable for you" in done.stderr


def test_without_a_repository_there_is_nothing_to_install(repository: DevkitProject) -> None:
    subprocess.run(["rm", "-rf", repository.root / ".git"], check=True)

    assert repository.run("hooks", "install").code == 66
    assert repository.run("run", "hooks").code == 0
