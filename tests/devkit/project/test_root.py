from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from devkit.errors import DevkitError
from devkit.project.root import beginning, find_root, git_top, is_project, refuse_bare

if TYPE_CHECKING:
    from pathlib import Path


def test_a_folder_with_a_devkit_table_is_a_project(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.devkit.test]\ncoverage = false\n")

    assert is_project(tmp_path)


def test_a_folder_with_another_pyproject_is_none(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.other]\n")

    assert not is_project(tmp_path)


def test_the_nearest_project_upward_is_found(tmp_path: Path) -> None:
    (tmp_path / "devkit.toml").touch()
    deep = tmp_path / "src" / "shop"
    deep.mkdir(parents=True)

    assert find_root(deep) == tmp_path


def test_the_search_ends_at_the_git_root(tmp_path: Path) -> None:
    (tmp_path / "devkit.toml").touch()
    inner = tmp_path / "vendored"
    (inner / ".git").mkdir(parents=True)

    assert find_root(inner) is None


def test_a_linked_worktree_has_a_git_file(tmp_path: Path) -> None:
    (tmp_path / ".git").write_text("gitdir: /elsewhere\n")

    assert git_top(tmp_path / "src") == tmp_path


@pytest.mark.parametrize(
    ("folder", "begins"),
    [("", ""), ("docs", ""), ("services/api", "services/api"), ("services/api/src", "services/api")],
)
def test_a_project_begins_at_the_nearest_manifest_else_at_the_top(tmp_path: Path, folder: str, begins: str) -> None:
    (tmp_path / "repository/.git").mkdir(parents=True)
    (tmp_path / "repository/services/api/src").mkdir(parents=True)
    (tmp_path / "repository/services/api/package.json").touch()
    (tmp_path / "package.json").touch()

    assert beginning(tmp_path / "repository" / folder) == tmp_path / "repository" / begins


def test_outside_of_git_a_project_begins_right_here(tmp_path: Path) -> None:
    (tmp_path / "package.json").touch()

    assert beginning(tmp_path / "docs") == tmp_path / "docs"


def test_a_bare_repository_is_refused(tmp_path: Path) -> None:
    (tmp_path / "HEAD").touch()
    (tmp_path / "objects").mkdir()
    (tmp_path / "refs").mkdir()

    with pytest.raises(DevkitError) as caught:
        refuse_bare(tmp_path)
    assert caught.value.exit == 1
