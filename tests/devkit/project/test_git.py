from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from devkit.errors import DevkitError
from devkit.project.git import git_state, refuse_bare, refuse_unfinished

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    return tmp_path


def test_outside_of_a_repository_there_is_no_state(tmp_path: Path) -> None:
    assert git_state(tmp_path) is None


def test_the_branch_is_read_before_the_first_commit(repository: Path) -> None:
    state = git_state(repository)

    assert state is not None
    assert state.branch == "main"


def test_a_detached_head_has_no_branch(repository: Path) -> None:
    (repository / ".git" / "HEAD").write_text("0" * 40 + "\n")
    state = git_state(repository)

    assert state is not None
    assert state.branch == ""


def test_a_linked_worktree_leads_to_its_folder(repository: Path, tmp_path: Path) -> None:
    linked = tmp_path / "linked"
    linked.mkdir()
    (linked / ".git").write_text(f"gitdir: {repository / '.git'}\n")
    state = git_state(linked)

    assert state is not None
    assert state.top == linked
    assert state.branch == "main"


@pytest.mark.parametrize(
    ("sign", "operation"), [("MERGE_HEAD", "merge"), ("rebase-merge", "rebase"), ("BISECT_LOG", "bisect")]
)
def test_an_unfinished_operation_is_refused_by_name(repository: Path, sign: str, operation: str) -> None:
    (repository / ".git" / sign).touch()
    state = git_state(repository)

    assert state is not None
    with pytest.raises(DevkitError, match=operation) as caught:
        refuse_unfinished(state)
    assert caught.value.exit == 1


def test_a_locked_index_is_a_matter_of_trying_again(repository: Path) -> None:
    (repository / ".git" / "index.lock").touch()
    state = git_state(repository)

    assert state is not None
    with pytest.raises(DevkitError) as caught:
        refuse_unfinished(state)
    assert caught.value.exit == 75


def test_a_bare_repository_is_refused(tmp_path: Path) -> None:
    (tmp_path / "HEAD").touch()
    (tmp_path / "objects").mkdir()
    (tmp_path / "refs").mkdir()

    with pytest.raises(DevkitError) as caught:
        refuse_bare(tmp_path)
    assert caught.value.exit == 1
