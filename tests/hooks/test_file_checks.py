from __future__ import annotations

import json
from typing import TYPE_CHECKING

from devkit_githooks import compose, dockerfile

if TYPE_CHECKING:
    import pytest

    from tests.hooks.repository import Repository

LOOSE = "services:\n  a:\n    image: b\n"
FOUND = "compose.yaml:3:"


def places(repository: Repository, *words: str) -> list[str]:
    return [line.partition(" ")[0] for line in repository.hook(compose.main, *words)[1]]


def test_the_staged_bytes_count(repository: Repository) -> None:
    repository.stage("compose.yaml", LOOSE)
    repository.write("compose.yaml", "services: {}\n")
    assert places(repository) == [FOUND]
    assert places(repository, "compose.yaml") == []


def test_named_files_count_whatever_they_are_called(repository: Repository) -> None:
    repository.write("other.txt", LOOSE)
    assert places(repository, "other.txt") == ["other.txt:3:"]


def test_folders_ranges_and_the_whole_are_looked_through(repository: Repository) -> None:
    first = repository.commit()
    repository.stage("in/compose.yaml", LOOSE)
    repository.stage("in/other.yaml", LOOSE)
    repository.commit()
    assert places(repository) == []
    for words in (["in"], ["--all-files"], ["--from-ref", first], ["--from-ref", first, "--to-ref", "HEAD"]):
        assert places(repository, *words) == ["in/compose.yaml:3:"]
    assert places(repository, "--all-files", "--exclude=in/*") == []


def test_names_are_relative_to_the_caller(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    repository.stage("in/compose.yaml", LOOSE)
    monkeypatch.chdir(repository.root / "in")
    assert places(repository, "compose.yaml") == ["in/compose.yaml:3:"]


def test_a_comment_excuses_its_line_and_the_next(repository: Repository) -> None:
    for text in ("image: b # devkit: allow-image", "# devkit: allow-image\n    image: b"):
        repository.stage("compose.yaml", f"services:\n  a:\n    {text}\n")
        assert places(repository) == []
    repository.stage("compose.yaml", "services:\n  a:\n    image: b # devkit: allow-key\n")
    assert places(repository) == [FOUND]


def test_checks_are_chosen_and_told_as_a_document(repository: Repository) -> None:
    repository.stage("compose.yaml", LOOSE)
    assert places(repository, "--skip=image") == []
    assert places(repository, "--check=key") == []
    _, lines = repository.hook(compose.main, "--json")
    (row,) = json.loads("\n".join(lines))["findings"]
    assert (row["check"], row["path"], row["line"], row["severity"]) == ("image", "compose.yaml", 3, "error")


def test_what_can_not_be_told_is_usage(repository: Repository) -> None:
    for words in (["--chek"], ["--check=a"], ["missing"], ["--all-files", "a"], ["--from-ref=-x"], ["--fix"]):
        assert repository.hook(compose.main, *words)[0] == 2
    code, lines = repository.hook(dockerfile.main, "--help")
    assert (code, lines[0]) == (0, "Usage: devkit-dockerfile [OPTIONS] [FILES]")


def test_a_file_with_unstaged_changes_is_not_mended(repository: Repository) -> None:
    repository.stage("Dockerfile", "FROM a:1\nUSER 1\nCMD a\n")
    path = repository.write("Dockerfile", "FROM a:1\nUSER 1\nCMD a\n# more\n")
    code, lines = repository.hook(dockerfile.main, "--fix")
    assert (code, lines[0].endswith("not mended, for it has unstaged changes as well")) == (1, True)
    assert path.read_text().endswith("CMD a\n# more\n")


def test_binary_and_missing_files_are_left_alone(repository: Repository) -> None:
    repository.stage("compose.yaml", b"\0services:\n")
    (repository.root / "docker-compose.yaml").symlink_to("compose.yaml")
    repository.git("add", "docker-compose.yaml")
    assert places(repository) == []
