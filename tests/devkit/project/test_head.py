from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from devkit.project.gitwords import git_folder, index_checksum
from devkit.project.head import head_commit

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def repository(tmp_path: Path, devkit_home: Path) -> Path:  # noqa: ARG001 - git's own configuration is the test's
    folder = tmp_path / "repository"
    folder.mkdir()
    git(folder, "init", "-q")
    git(folder, "commit", "-q", "--allow-empty", "-m", "one")
    return folder


def git(folder: Path, *words: str) -> str:
    return subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


def test_it_is_what_git_says(repository: Path) -> None:
    assert head_commit(repository) == git(repository, "rev-parse", "HEAD")


def test_it_is_found_from_a_folder_below(repository: Path) -> None:
    (repository / "services/shop").mkdir(parents=True)

    assert head_commit(repository / "services/shop") == git(repository, "rev-parse", "HEAD")


def test_it_is_found_among_packed_references(repository: Path) -> None:
    git(repository, "branch", "feature/one")
    git(repository, "pack-refs", "--all")

    assert head_commit(repository) == git(repository, "rev-parse", "HEAD")


def test_it_is_found_when_no_branch_is_checked_out(repository: Path) -> None:
    git(repository, "checkout", "-q", "--detach")

    assert head_commit(repository) == git(repository, "rev-parse", "HEAD")


def test_it_is_that_of_a_linked_work_tree(repository: Path, tmp_path: Path) -> None:
    git(repository, "worktree", "add", "-q", "../linked")
    git(tmp_path / "linked", "commit", "-q", "--allow-empty", "-m", "two")

    assert head_commit(tmp_path / "linked") == git(tmp_path / "linked", "rev-parse", "HEAD")
    assert head_commit(tmp_path / "linked") != head_commit(repository)


def test_there_is_none_without_a_repository_or_a_commit(tmp_path: Path, devkit_home: Path) -> None:  # noqa: ARG001
    assert head_commit(tmp_path) == ""
    git(tmp_path, "init", "-q")
    assert head_commit(tmp_path) == ""


@pytest.mark.parametrize(
    "head", ["", "ref: ../../secret", "ref: refs/../../secret", "ref: refs/\0", "x" * 40, "\xff"]
)
def test_a_strange_head_is_none(tmp_path: Path, head: str) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git/HEAD").write_text(head, "latin-1")
    (tmp_path / "secret").write_text("a" * 40)

    assert head_commit(tmp_path) == ""


def test_a_git_file_that_cannot_be_read_leads_nowhere(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / ".git")

    assert git_folder(str(tmp_path)) == ""
    assert head_commit(tmp_path) == ""
    assert index_checksum(str(tmp_path)) == ""
