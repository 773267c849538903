from __future__ import annotations

import os
import subprocess
from functools import partial
from typing import TYPE_CHECKING

import pytest

from devkit.engine.git import Git
from devkit.errors import DevkitError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

IDENTITY = "[user]\nname = Ada\nemail = ada@example.org\n"


@pytest.fixture
def configure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Write the user's git configuration; nothing of the machine's own counts."""
    home = tmp_path / "home"
    home.mkdir()
    for name in list(os.environ):
        if name.startswith(("GIT_", "EMAIL")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / "xdg"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")

    def write(text: str) -> Path:
        (home / ".gitconfig").write_text(text)
        return home

    write(IDENTITY)
    return write


@pytest.fixture
def repository(tmp_path: Path, configure: object) -> Path:
    assert callable(configure)
    folder = tmp_path / "repository"
    folder.mkdir()
    Git(folder).init()
    return folder


def plain(folder: Path, *words: str) -> str:
    return subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


def refusal(call: Callable[[], object]) -> DevkitError:
    with pytest.raises(DevkitError) as caught:
        call()
    return caught.value


def test_a_first_commit_holds_every_file(repository: Path) -> None:
    (repository / "a").write_text("a")
    (repository / "b").mkdir()
    (repository / "b/c").write_text("c")
    git = Git(repository)
    assert git.head() == ""
    git.add_all()
    made = git.commit("Start\n\n# not a comment")
    assert made == git.head() == plain(repository, "rev-parse", "HEAD")
    assert plain(repository, "log", "--format=%an %ae %B") == "Ada ada@example.org Start\n\n# not a comment"
    assert plain(repository, "status", "--porcelain") == ""


@pytest.mark.parametrize(("text", "branch"), [("", "main"), ("[init]\ndefaultBranch = trunk\n", "trunk")])
def test_the_first_branch_is_the_users(
    tmp_path: Path, configure: Callable[[str], Path], text: str, branch: str
) -> None:
    configure(IDENTITY + text)
    Git(tmp_path).init()
    assert plain(tmp_path, "symbolic-ref", "--short", "HEAD") == branch


def test_the_users_templates_are_used_but_their_hooks_do_not_run(
    tmp_path: Path, configure: Callable[[str], Path]
) -> None:
    hooks = tmp_path / "template/hooks"
    hooks.mkdir(parents=True)
    for name in ("pre-commit", "prepare-commit-msg", "commit-msg", "post-commit", "reference-transaction"):
        (hooks / name).write_text(f"#!/bin/sh\ntouch '{tmp_path}/{name} ran'\nexit 1\n")
        (hooks / name).chmod(0o755)
    configure(f"{IDENTITY}[init]\ntemplateDir = {tmp_path}/template\n")
    folder = tmp_path / "repository"
    folder.mkdir()
    git = Git(folder)
    git.init()
    (folder / "a").touch()
    git.add_all()
    git.commit("Start")
    assert (folder / ".git/hooks/pre-commit").exists()
    assert [path.name for path in tmp_path.iterdir() if path.name.endswith(" ran")] == []
    (folder / "b").touch()
    git.add_all()
    assert refusal(lambda: git.commit("Second", runs_hooks=True)).kind.code == "DK0205"


@pytest.mark.parametrize("text", ["", "[user]\nname = Ada\n", "[user]\nemail = ada@example.org\n"])
def test_a_missing_identity_is_78_with_the_commands_that_set_it(
    tmp_path: Path, configure: Callable[[str], Path], text: str
) -> None:
    configure(text)
    error = refusal(Git(tmp_path / "not/there/yet").require_identity)
    assert error.exit == 78
    assert "git config --global user.name" in error.help
    assert "git config --global user.email" in error.help


def test_an_identity_may_come_from_variables(
    tmp_path: Path, configure: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert callable(configure)
    configure("")
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "Ada")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "ada@example.org")
    Git(tmp_path).require_identity()
    monkeypatch.delenv("GIT_COMMITTER_EMAIL")
    assert refusal(Git(tmp_path).require_identity).exit == 78


def test_an_identity_that_depends_on_the_folder_is_known_once_the_repository_is_there(
    tmp_path: Path, configure: Callable[[str], Path]
) -> None:
    home = configure(f'[includeIf "gitdir:{tmp_path}/work/"]\npath = work.config\n')
    (home / "work.config").write_text(IDENTITY)
    for name, knows in (("work", True), ("elsewhere", False)):
        folder = tmp_path / name / "shop"
        Git(folder).require_identity()
        folder.mkdir(parents=True)
        Git(folder).init()
        (folder / "a").touch()
        Git(folder).add_all()
        if knows:
            assert Git(folder).commit("Start")
        else:
            assert refusal(partial(Git(folder).commit, "Start")).exit == 78


def test_a_commit_that_cannot_be_signed_is_refused_with_gits_words(
    tmp_path: Path, configure: Callable[[str], Path]
) -> None:
    configure(f"{IDENTITY}[commit]\ngpgSign = true\n[gpg]\nprogram = {tmp_path}/no-such-gpg\n")
    git = Git(tmp_path)
    git.init()
    (tmp_path / "a").touch()
    git.add_all()
    error = refusal(lambda: git.commit("Start"))
    assert (error.kind.code, git.head()) == ("DK0205", "")
    assert "no-such-gpg" in error.message
    assert "commit.gpgSign false" in error.help


def test_a_locked_index_is_75_with_the_way_out(repository: Path) -> None:
    (repository / "a").touch()
    (repository / ".git/index.lock").touch()
    error = refusal(Git(repository).add_all)
    assert error.exit == 75
    assert f"rm '{repository}/.git/index.lock'" in error.help


def test_git_missing_is_69(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    error = refusal(Git(tmp_path).require)
    assert (error.exit, "--no-git" in error.help) == (69, True)
    assert refusal(Git(tmp_path).init).exit == 69


def test_ignored_paths_are_found_whatever_their_names(repository: Path) -> None:
    (repository / ".gitignore").write_text("*.log\nbuild/\n")
    paths = ["a.log", "build/x", "kept", "naïve.log", ":(top)b.log", "line\nbreak.log", os.fsdecode(b"\xff.log")]
    assert Git(repository).ignored(paths) == set(paths) - {"kept"}
    assert Git(repository).ignored([]) == frozenset()


def test_a_tracked_file_is_not_ignored(repository: Path) -> None:
    (repository / "a.log").touch()
    Git(repository).add_all()
    Git(repository).commit("Start")
    (repository / ".gitignore").write_text("*.log\n")
    assert Git(repository).ignored(["a.log", "b.log"]) == {"b.log"}


def test_outside_of_a_repository_nothing_is_ignored_or_left_out(tmp_path: Path, configure: object) -> None:
    assert callable(configure)
    git = Git(tmp_path)
    assert (git.ignored(["a"]), git.sparse_skipped(["a"]), git.is_inside()) == (frozenset(), frozenset(), False)


def test_a_sparse_checkout_leaves_files_out(repository: Path) -> None:
    for path in ("in/a", "out/b"):
        (repository / path).parent.mkdir()
        (repository / path).touch()
    git = Git(repository)
    git.add_all()
    git.commit("Start")
    plain(repository, "sparse-checkout", "set", "in")
    assert git.sparse_skipped(["in/a", "out/b", "nowhere"]) == {"out/b"}


def test_a_project_below_the_top_of_a_repository_is_asked_in_its_own_terms(repository: Path) -> None:
    (repository / "service/src").mkdir(parents=True)
    (repository / "service/src/a").touch()
    (repository / "other").touch()
    (repository / "service/.gitignore").write_text("*.log\n")
    git = Git(repository / "service")
    assert sorted(git.changed()) == [".gitignore", "src/a"]
    assert git.ignored(["src/x.log"]) == {"src/x.log"}
    git.add(["src/a"])
    git.commit("One file")
    assert git.changed() == (".gitignore",)


def test_only_named_paths_are_committed_their_deletion_included(repository: Path) -> None:
    git = Git(repository)
    for name in "abc":
        (repository / name).write_text(name)
    git.add_all()
    git.commit("Start")
    (repository / "a").write_text("changed")
    (repository / "b").unlink()
    (repository / "c").write_text("mine")
    plain(repository, "add", "c")
    git.add(["a", "b"])
    git.commit("Two files", paths=["a", "b"])
    assert plain(repository, "show", "--name-status", "--format=") == "M\ta\nD\tb"
    assert plain(repository, "status", "--porcelain") == "M  c"


def test_an_ignored_path_is_not_added(repository: Path) -> None:
    (repository / ".gitignore").write_text("*.log\n")
    (repository / "a.log").touch()
    Git(repository).add(["a.log", ".gitignore"])
    assert plain(repository, "ls-files") == ".gitignore"


def test_what_the_user_ignores_everywhere_is_part_of_a_first_commit(
    tmp_path: Path, configure: Callable[[str], Path]
) -> None:
    home = configure(f"{IDENTITY}[core]\nexcludesFile = ~/ignore\nautocrlf = true\nsafecrlf = true\n")
    (home / "ignore").write_text(".vscode/\n")
    folder = tmp_path / "repository"
    (folder / ".vscode").mkdir(parents=True)
    (folder / ".vscode/settings.json").write_text("{\n}\n")
    Git(folder).init()
    Git(folder).add_all()
    assert plain(folder, "ls-files") == ".vscode/settings.json"


def test_the_users_configuration_does_not_change_what_is_read(
    repository: Path, configure: Callable[[str], Path]
) -> None:
    configure(
        f"{IDENTITY}[color]\nui = always\n[core]\nquotePath = true\npager = false\n[status]\nshort = true\n"
        "branch = true\nshowUntrackedFiles = no\nrelativePaths = false\n[diff]\nexternal = false\n"
    )
    (repository / "naïve name").touch()
    assert Git(repository).changed() == ("naïve name",)


def test_a_program_that_the_repository_names_as_monitor_never_runs(repository: Path, tmp_path: Path) -> None:
    monitor = tmp_path / "monitor"
    monitor.write_text(f"#!/bin/sh\ntouch '{tmp_path}/ran'\n")
    monitor.chmod(0o755)
    plain(repository, "config", "core.fsmonitor", str(monitor))
    (repository / "a").touch()
    git = Git(repository)
    assert git.changed() == ("a",)
    git.ignored(["a"])
    git.sparse_skipped(["a"])
    git.add_all()
    git.commit("Start")
    assert not (tmp_path / "ran").exists()


def test_a_bare_repository_among_the_files_is_none(repository: Path) -> None:
    plain(repository, "init", "-q", "--bare", "hidden.git")
    assert not Git(repository / "hidden.git").is_inside()


def test_reading_writes_nothing_to_the_index(repository: Path) -> None:
    (repository / "a").touch()
    git = Git(repository)
    git.add_all()
    git.commit("Start")
    os.utime(repository / "a", (1, 1))
    before = (repository / ".git/index").stat().st_mtime_ns
    assert git.changed() == ()
    assert (repository / ".git/index").stat().st_mtime_ns == before


def test_a_hooks_variables_do_not_lead_to_the_hooks_repository(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    Git(other).init()
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other / ".git/index"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other))
    (repository / "a").touch()
    Git(repository).add_all()
    monkeypatch.undo()
    assert plain(repository, "ls-files") == "a"
