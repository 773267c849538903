from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from devkit_githooks import branch_name

if TYPE_CHECKING:
    from tests.hooks.repository import Repository


def checked(repository: Repository, branch: str, *words: str) -> tuple[int, list[str]]:
    repository.git("symbolic-ref", "HEAD", f"refs/heads/{branch}")
    return repository.hook(branch_name.main, *words)


@pytest.mark.parametrize(
    "branch",
    ["main", "develop", "feat/a-thing", "fix/ABC-123", "release/1.2", "dependabot/npm_and_yarn/a-1", "fix/größer"],
)
def test_usual_names_pass(repository: Repository, branch: str) -> None:
    assert checked(repository, branch) == (0, [])


@pytest.mark.parametrize(
    ("branch", "better"),
    [
        ("my-thing", "feat/my-thing"),
        ("feet/a", "feat/a"),
        ("Fix/The,Door", "fix/the-door"),
        ("fix/a@b", "fix/a-b"),
    ],
)
def test_another_name_comes_with_the_command_that_mends_it(repository: Repository, branch: str, better: str) -> None:
    line = f"HEAD:1: the branch '{branch}' is no TYPE/what-it-is-about; git branch -m {better}"
    assert checked(repository, branch) == (1, [line])
    assert checked(repository, better)[0] == 0


def test_a_pattern_stands_for_the_rule(repository: Repository) -> None:
    assert checked(repository, "ab-12", "--pattern", "[a-z]+-[0-9]+")[0] == 0
    assert checked(repository, "feat/a", "--pattern", "[a-z]+-[0-9]+")[0] == 1
    assert checked(repository, "feat/a", "--pattern", "[")[0] == 2


def test_nobody_commits_to_a_protected_branch_but_the_first_time(repository: Repository) -> None:
    repository.stage("a")
    assert checked(repository, "main", "--protected", "main") == (0, [])
    repository.commit()
    assert checked(repository, "main", "--protected", "main") == (0, [])
    repository.stage("b")
    assert checked(repository, "main", "--protected", "ma*")[0] == 1
    assert checked(repository, "fix/a", "--protected", "main")[0] == 0


def test_nobody_pushes_to_a_protected_branch(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRE_COMMIT_REMOTE_BRANCH", "refs/heads/main")
    assert checked(repository, "fix/a", "--protected", "main")[0] == 1
    monkeypatch.setenv("PRE_COMMIT_REMOTE_BRANCH", "refs/tags/v1")
    assert checked(repository, "fix/a", "--protected", "main")[0] == 0


def test_a_detached_head_passes(repository: Repository) -> None:
    repository.git("checkout", "-q", "--detach", repository.commit())
    assert repository.hook(branch_name.main, "--protected=main") == (0, [])


def test_names_are_not_expected(repository: Repository) -> None:
    assert repository.hook(branch_name.main, "a")[0] == 2
