from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest
from devkit_build.revision import Revision, public_address, read_revision, read_source, revision_from

from devkit.engine.taskcontext import ProjectTaskContext, Surroundings

if TYPE_CHECKING:
    from pathlib import Path


def context(root: Path) -> ProjectTaskContext:
    return ProjectTaskContext(task="build:image", surroundings=Surroundings(root=root, tell=lambda _: None))


def git(root: Path, *words: str) -> str:
    identity = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
    return subprocess.run(["git", *identity, *words], cwd=root, check=True, capture_output=True, text=True).stdout


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git(tmp_path, "init", "--quiet", "--initial-branch=feature/one")
    (tmp_path / "a").write_text("a")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "--message=one", "--date=2026-01-02T03:04:05Z")
    return tmp_path


def test_a_clean_commit_has_its_branch_tags_and_time(repository: Path) -> None:
    git(repository, "tag", "v1.0")
    git(repository, "tag", "a,b")

    revision = read_revision(context(repository))

    assert revision.commit == git(repository, "rev-parse", "HEAD").strip()
    assert (revision.branch, revision.is_dirty) == ("feature/one", False)
    assert "v1.0" in revision.tags
    assert revision.time == int(git(repository, "log", "-1", "--format=%ct"))


@pytest.mark.parametrize("name", ["a", "untracked"])
def test_a_changed_or_new_file_makes_it_dirty(repository: Path, name: str) -> None:
    (repository / name).write_text("changed")

    assert read_revision(context(repository)).is_dirty


def test_a_file_beside_the_project_counts_when_the_image_is_built_from_it(repository: Path) -> None:
    (repository / "service").mkdir()
    (repository / "beside").write_text("new")

    assert not read_revision(context(repository / "service")).is_dirty
    assert read_revision(context(repository / "service"), "..").is_dirty


def test_what_git_cannot_tell_is_not_taken_for_clean(repository: Path) -> None:
    (repository / ".git/index").write_bytes(b"DIRC damaged")

    assert read_revision(context(repository)).is_dirty


def test_a_comma_is_part_of_the_name_of_a_branch(repository: Path) -> None:
    git(repository, "switch", "--quiet", "--create=one,two")

    assert read_revision(context(repository)).branch == "one,two"


def test_outside_a_repository_there_is_no_commit(tmp_path: Path) -> None:
    assert read_revision(context(tmp_path)) == Revision()


def test_the_source_is_where_the_project_was_cloned_from(repository: Path) -> None:
    git(repository, "remote", "add", "origin", "https://user:password@git.example.org/acme/shop.git")

    assert read_source(context(repository)) == "https://git.example.org/acme/shop"


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("git@git.example.org:acme/shop.git", "https://git.example.org/acme/shop"),
        ("ssh://git@git.example.org:22/acme/shop.git", "https://git.example.org/acme/shop"),
        ("https://git.example.org:8443/acme/shop", "https://git.example.org:8443/acme/shop"),
        ("https://ada:p@ss@git.example.org/acme/shop.git", "https://git.example.org/acme/shop"),
        ("https://git.example.org/@acme/shop", "https://git.example.org/@acme/shop"),
        ("ssh://ada:p@ss@git.example.org/acme/shop", "https://git.example.org/acme/shop"),
        ("ada:p@ss@git.example.org:acme/shop.git", "https://git.example.org/acme/shop"),
        ("https://ada:pa/ss@git.example.org/acme/shop", ""),
        ("https://ada:1/ss@git.example.org/acme/shop", ""),
        ("https://git.example.org/acme/shop?private_token=secret", ""),
        ("/srv/git/shop.git", ""),
        ("", ""),
    ],
)
def test_an_address_is_shown_as_anybody_may_read_it(address: str, expected: str) -> None:
    assert public_address(address) == expected


def test_a_detached_head_has_no_branch() -> None:
    described = "abc\n12\nHEAD, tag: refs/tags/v2\n"
    assert revision_from(described, is_dirty=False) == Revision(
        commit="abc", time=12, tags=("v2",), is_dirty=False, described=described
    )
