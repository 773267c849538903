from __future__ import annotations

import json
import os
import subprocess
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.hooks.repository import Repository


def test_an_empty_repository_is_clean(repository: Repository) -> None:
    assert repository.hygiene() == (0, [])
    assert repository.hygiene("--all-files") == (0, [])


def test_every_finding_has_a_place_a_reason_and_a_way_out(repository: Repository) -> None:
    repository.stage("a.txt", b"a \nb")
    repository.stage("b.yaml", b"a: 1\na: 2\n")
    repository.stage("c.json", b"{\n")
    repository.stage("d.toml", b"a =\n")
    repository.stage("m.txt", b"<<<<<<< HEAD\n")
    code, lines = repository.hygiene()
    assert code == 1
    assert [line.split(": ")[0] for line in lines] == [
        "a.txt:1",
        "a.txt:2",
        "b.yaml:2",
        "c.json:2",
        "d.toml:1",
        "m.txt:1",
    ]
    assert lines[0].endswith("--fix a.txt")
    assert all("; " in line for line in lines)


def test_a_file_that_is_saved_anew_meanwhile_is_what_it_is_then(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.write("a.txt", b"a ")
    states = iter([(2, b"a "), (2, b"a\n")])
    monkeypatch.setattr("devkit_githooks.hygiene.read_file", lambda _: next(states))

    assert repository.hygiene("a.txt") == (0, [])


@pytest.mark.parametrize("name", ["-x.txt", "--", "-\n", "a b", "it's"])
def test_the_command_of_an_advice_means_the_file(repository: Repository, name: str) -> None:
    repository.stage(name, b"text \n")

    (line,) = repository.hygiene("--fix")[1]
    subprocess.run(["bash", "-c", line.partition("; now: ")[2]], cwd=repository.root, check=True)

    assert repository.git("show", f":{name}") == "text\n"


def test_the_staged_bytes_count_and_not_those_of_the_work_tree(repository: Repository) -> None:
    repository.stage("a", b"staged \n")
    repository.write("a", b"clean\n")
    repository.stage("b", b"clean\n")
    repository.write("b", b"later \n")
    assert [line[:4] for line in repository.hygiene()[1]] == ["a:1:"]


def test_named_files_count_as_they_are(repository: Repository) -> None:
    repository.stage("a", b"clean\n")
    repository.commit()
    repository.write("a", b"later \n")
    repository.write("new", b"new \n")
    repository.stage("other", b"other \n")
    assert [line[:4] for line in repository.hygiene("a", "new")[1]] == ["a:1:", "new:"]


def test_a_named_folder_stands_for_what_git_knows_in_it(repository: Repository) -> None:
    repository.stage("in/a", b"a \n")
    repository.stage("out/b", b"b \n")
    assert [line[:5] for line in repository.hygiene("in")[1]] == ["in/a:"]
    assert len(repository.hygiene(".")[1]) == 2


def test_names_are_relative_to_the_folder_of_the_caller(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.stage("in/a", b"a \n")
    monkeypatch.chdir(repository.root / "in")
    assert [line[:5] for line in repository.hygiene("a")[1]] == ["in/a:"]


def test_names_with_any_bytes_are_told_apart_and_printed_safely(repository: Repository) -> None:
    names = ["a b", "*", "-x", ":(top)c", "d\n", "é", "\u202e.txt", os.fsdecode(b"\xff")]
    for name in names:
        repository.stage(name, b"a \n")
    code, lines = repository.hygiene()
    assert (code, len(lines)) == (1, len(names))
    assert all(line.isprintable() for line in lines)
    assert [line.split(":1:")[0] for line in repository.hygiene("--", "*")[1]] == ["*"]


def test_a_removed_file_is_not_looked_at(repository: Repository) -> None:
    repository.stage("a", b"a \n")
    repository.commit()
    (repository.root / "a").unlink()
    assert repository.hygiene("--all-files") == (0, [])
    assert repository.hygiene("a") == (0, [])
    repository.git("rm", "-q", "--cached", "a")
    assert repository.hygiene() == (0, [])


def test_a_range_is_judged_as_it_is_at_its_end(repository: Repository) -> None:
    repository.stage("old", b"old \n")
    first = repository.commit()
    repository.stage("new", b"new \n")
    repository.commit()
    repository.write("new", b"clean\n")
    assert [line[:4] for line in repository.hygiene("--from-ref", first, "--to-ref", "HEAD")[1]] == ["new:"]
    assert repository.hygiene("--from-ref", "HEAD") == (0, [])


def test_what_git_knows_to_be_seen_is_not_read_again(repository: Repository) -> None:
    repository.stage("a", b"a \n")
    repository.stage("b", b"b\n")
    first = repository.hygiene("--all-files")
    blob = repository.git("rev-parse", ":b").strip()
    (repository.root / ".git/objects" / blob[:2] / blob[2:]).unlink()
    assert repository.hygiene("--all-files") == first


def test_a_clean_list_is_remembered_only_for_the_same_choice(repository: Repository) -> None:
    repository.stage("a", b"a \n")
    assert repository.hygiene("--all-files", "--exclude", "a") == (0, [])
    assert repository.hygiene("--all-files", "--skip", "trailing-whitespace") == (0, [])
    assert repository.hygiene("--all-files")[0] == 1


def test_a_file_that_was_clean_is_read_again_once_it_changed(repository: Repository) -> None:
    repository.stage("a", b"a\n")
    repository.commit()
    assert repository.hygiene("--all-files") == (0, [])
    repository.write("a", b"a \n")
    assert repository.hygiene("--all-files")[0] == 1


@pytest.mark.parametrize("damage", [b"", b"DKHYG", b"x" * 4000])
def test_damaged_verdicts_are_made_anew(repository: Repository, damage: bytes) -> None:
    repository.stage("a", b"a \n")
    first = repository.hygiene()
    (kept,) = (repository.root / ".git/devkit").iterdir()
    kept.write_bytes(damage)
    assert repository.hygiene() == first
    assert len(kept.read_bytes()) > len(b"DKHYG")


def test_a_folder_that_cannot_hold_verdicts_is_no_failure(repository: Repository) -> None:
    (repository.root / ".git/devkit").write_bytes(b"a file")
    repository.stage("a")
    assert repository.hygiene() == (0, [])


def test_many_files_are_judged_like_few(repository: Repository) -> None:
    for number in range(3100):
        repository.write(f"many/{number}", b"a \n" if number % 1000 == 0 else b"a%d\n" % number)
    repository.git("add", ".")
    found = repository.hygiene("--all-files")
    assert [line.split(":")[0] for line in found[1]] == ["many/0", "many/1000", "many/2000", "many/3000"]
    assert repository.hygiene("--all-files") == found
    repository.git("repack", "-qad")
    assert repository.hygiene() == found


def test_attributes_of_git_excuse_white_space_and_nothing_else(repository: Repository) -> None:
    repository.stage(".gitattributes", b"a -whitespace\n*.raw -text\n")
    repository.stage("a", b"a \n<<<<<<< HEAD\n")
    repository.stage("b.raw", b"b \n")
    assert [line[:4] for line in repository.hygiene()[1]] == ["a:2:"]


def test_a_large_file_is_found_when_it_is_added(repository: Repository) -> None:
    repository.stage("a", b"a" * 3000 + b"\n")
    assert repository.hygiene() == (0, [])
    assert "new file of 3 KiB, and 1 are allowed" in repository.hygiene("--max-kb", "1")[1][0]
    repository.commit()
    repository.stage("a", b"a" * 4000 + b"\n")
    assert repository.hygiene("--max-kb", "1") == (0, [])


def test_names_that_are_one_where_case_is_not_told_apart_are_found(repository: Repository) -> None:
    repository.stage("Readme", b"a\n")
    repository.stage("src/a", b"a\n")
    repository.commit()
    repository.stage("README", b"b\n")
    repository.stage("SRC/b", b"b\n")
    assert [line.split(":")[0] for line in repository.hygiene()[1]] == ["README", "SRC/b"]


def test_a_file_that_became_a_link_or_a_link_a_file_is_taken_for_what_it_is(repository: Repository) -> None:
    repository.stage("a.json", b"{}\n")
    (repository.root / "link").symlink_to("a.json")
    repository.git("add", "link")
    repository.commit()
    for name in ("a.json", "link"):
        (repository.root / name).unlink()
    (repository.root / "a.json").symlink_to("link")
    repository.write("link", b"text \n")

    code, lines = repository.hygiene("--all-files")

    assert (code, [line.partition(":")[0] for line in lines]) == (1, ["link"])


def test_a_link_that_leads_nowhere_is_found(repository: Repository) -> None:
    repository.stage("in/there", b"a\n")
    for name, target in {"good": "in/there", "bad": "nowhere", "in/up": "../in/there"}.items():
        (repository.root / name).symlink_to(target)
        repository.git("add", name)
    assert [line.split(":")[0] for line in repository.hygiene()[1]] == ["bad"]
    assert [line.split(":")[0] for line in repository.hygiene("--all-files")[1]] == ["bad"]
    repository.git("rm", "-qf", "bad")
    assert repository.hygiene("--all-files") == (0, [])
    (repository.root / "in/there").unlink()
    repository.git("rm", "-q", "in/there")
    assert len(repository.hygiene("--all-files")[1]) == 2


def test_a_file_of_variables_is_found_and_its_example_is_not(repository: Repository) -> None:
    for name in (".env", "a/.env.production", ".env.example", "env", ".envrc"):
        repository.stage(name, b"A=1\n")
    _, lines = repository.hygiene()
    assert [line.split(":")[0] for line in lines] == [".env", "a/.env.production"]
    assert "git rm --cached .env" in lines[0]


def test_findings_are_one_document_when_asked(repository: Repository) -> None:
    repository.stage("a", b"a \n")
    code, lines = repository.hygiene("--json")
    document = json.loads("\n".join(lines))
    assert (code, document["schema"]) == (1, "devkit.hook-findings/1")
    assert {key: document["findings"][0][key] for key in ("check", "path", "line")} == {
        "check": "trailing-whitespace",
        "path": "a",
        "line": 1,
    }
    repository.stage("a", b"a\n")
    assert json.loads("\n".join(repository.hygiene("--json")[1]))["findings"] == []


@pytest.mark.parametrize(
    "words",
    [
        ["--nothing"],
        ["--check", "nothing"],
        ["--all-files", "a"],
        ["--from-ref", "nowhere"],
        ["--from-ref=--output=x"],
        ["--to-ref", "HEAD"],
        ["not-there"],
        ["--max-kb", "many"],
    ],
)
def test_what_cannot_be_done_is_refused_in_one_line(repository: Repository, words: list[str]) -> None:
    repository.stage("a")
    code, lines = repository.hygiene(*words)
    assert code == 2
    assert lines[-1].startswith("devkit-hygiene: ")
    assert not (repository.root / "x").exists()


def test_outside_of_a_repository_it_is_refused(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert repository.hygiene() == (2, ["devkit-hygiene: this is not the work tree of a git repository"])


def test_linked_work_trees_share_their_verdicts(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    repository.stage("a", b"a\n")
    repository.commit()
    repository.git("worktree", "add", "-q", "../linked")
    monkeypatch.chdir(repository.root.parent / "linked")
    assert repository.hygiene("--all-files") == (0, [])
    assert len(list((repository.root / ".git/devkit").iterdir())) == 1


def test_help_lists_every_check(repository: Repository) -> None:
    code, lines = repository.hygiene("--help")
    assert code == 0
    assert "case-collision" in "\n".join(lines)
