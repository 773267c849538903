from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

    from tests.hooks.repository import Repository


def test_white_space_is_mended_in_place_with_its_mode(repository: Repository) -> None:
    path = repository.write("a", b"a \r\nb")
    path.chmod(0o755)
    repository.git("add", "a")
    code, lines = repository.hygiene("--fix")
    assert (code, path.read_bytes(), path.stat().st_mode & 0o777) == (1, b"a\r\nb\r\n", 0o755)
    assert all(line.endswith("mended; now: git add a") for line in lines)
    repository.git("add", "a")
    assert repository.hygiene("--fix") == (0, [])
    assert [path.name for path in repository.root.iterdir() if path.name != ".git"] == ["a"]


def test_named_files_are_mended(repository: Repository) -> None:
    path = repository.stage("a", b"a \n")
    repository.commit()
    assert repository.hygiene("--fix", "a")[0] == 1
    assert path.read_bytes() == b"a\n"


def test_a_file_with_unstaged_changes_is_left_alone(repository: Repository) -> None:
    path = repository.stage("a", b"a \n")
    path.write_bytes(b"a \nmore")
    code, lines = repository.hygiene("--fix")
    assert (code, path.read_bytes()) == (1, b"a \nmore")
    assert lines[0].endswith("not mended, for it has unstaged changes as well")


def test_a_hard_link_is_left_alone(repository: Repository) -> None:
    path = repository.stage("a", b"a \n")
    os.link(path, repository.root.parent / "other")
    assert repository.hygiene("--fix")[1][0].endswith("not mended, for it is a hard link")
    assert path.read_bytes() == b"a \n"


def test_a_file_that_git_filters_is_left_alone(repository: Repository) -> None:
    repository.stage(".gitattributes", b"a filter=some\n")
    path = repository.stage("a", b"a \n")
    assert repository.hygiene("--fix")[1][0].endswith("not mended, for git keeps it through a filter")
    assert path.read_bytes() == b"a \n"


def test_what_is_unsafe_to_mend_is_left_to_the_user(repository: Repository) -> None:
    data = b"<<<<<<< HEAD\n{\n"
    path = repository.stage("a.json", data)
    assert repository.hygiene("--fix")[0] == 1
    assert path.read_bytes() == data


def test_a_file_that_changes_in_between_is_left_alone(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = repository.stage("a", b"a \n")
    chmod = os.chmod

    def interfere(*words: object) -> None:
        chmod(*words)  # type: ignore[arg-type]
        path.write_bytes(b"the user's\n")

    monkeypatch.setattr(os, "chmod", interfere)
    assert repository.hygiene("--fix")[1][0].endswith("not mended, for it is being changed")
    assert path.read_bytes() == b"the user's\n"
    assert sorted(os.listdir(repository.root)) == [".git", "a"]
