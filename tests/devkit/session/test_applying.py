from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from devkit.testing import DevkitProject


def stamps(project: DevkitProject) -> dict[str, int]:
    files = [path for path in project.root.rglob("*") if path.is_file() and ".devkit/state" not in str(path)]
    return {str(path): path.stat().st_mtime_ns for path in files}


def test_a_stage_makes_its_files_and_merges_into_the_users(acme: DevkitProject) -> None:
    assert acme.read("acme.txt") == "one\n"
    assert acme.read("acme/start.txt") == "begin here\n"
    assert os.access(acme.root / "bin/acme", os.X_OK)
    assert acme.read("acme.toml").startswith("# mine\n[tool]\nown = 1\n")
    assert "limit = 80" in acme.read("acme.toml")
    assert acme.read(".gitignore").startswith("*.pyc\n")
    assert "acme.log" in acme.read(".gitignore")


def test_a_second_apply_changes_nothing_not_even_a_time_stamp(acme: DevkitProject) -> None:
    before = stamps(acme)
    done = acme.run("apply")

    assert done.code == 0
    assert "nothing to do" in done.stdout
    assert stamps(acme) == before


def test_after_an_apply_the_plan_is_empty(acme: DevkitProject) -> None:
    document = acme.run("plan", "--json").document

    assert {file["verdict"] for file in document["files"]} == {"identical"}
    assert acme.run("apply", "--check").code == 0


def test_a_hand_edit_survives_when_the_generator_wants_nothing_new(acme: DevkitProject) -> None:
    acme.write("acme.txt", "mine\n")

    assert acme.run("apply").code == 0
    assert acme.read("acme.txt") == "mine\n"


def test_a_hand_edit_and_a_change_of_the_generator_are_merged(acme: DevkitProject) -> None:
    acme.write("devkit.toml", '[acme]\ntext = "one\\ntwo\\nthree\\nfour\\n"\n')
    acme.run("apply")
    acme.write("acme.txt", "one\ntwo\nthree\nfour\nmine\n")
    acme.write("devkit.toml", '[acme]\ntext = "ONE\\ntwo\\nthree\\nfour\\n"\n')

    assert acme.run("apply").code == 0
    assert acme.read("acme.txt") == "ONE\ntwo\nthree\nfour\nmine\n"


def test_a_conflict_is_reported_and_the_file_is_left_alone(acme: DevkitProject) -> None:
    acme.write("acme.txt", "mine\n")
    acme.write("devkit.toml", '[acme]\ntext = "theirs\\n"\n')
    before = acme.files()
    done = acme.run("apply")

    assert done.code == 73
    assert "acme.txt" in done.stderr
    assert "state: nothing was changed" in done.stderr
    assert acme.files() == before


def test_a_conflict_can_be_written_beside_the_file(acme: DevkitProject) -> None:
    acme.write("acme.txt", "mine\n")
    acme.write("devkit.toml", '[acme]\ntext = "theirs\\n"\n')

    assert acme.run("apply", "--conflict", "rej").code == 0
    assert acme.read("acme.txt") == "mine\n"
    assert "+theirs" in acme.read("acme.txt.rej")
    assert acme.run("apply", "--check").code == 0


def test_a_conflict_can_be_written_into_the_file(acme: DevkitProject) -> None:
    acme.write("acme.txt", "mine\n")
    acme.write("devkit.toml", '[acme]\ntext = "theirs\\n"\n')

    assert acme.run("apply", "--conflict", "inline").code == 0
    assert "mine\n" in acme.read("acme.txt")
    assert "theirs\n" in acme.read("acme.txt")
    assert "<<<<<<<" in acme.read("acme.txt")


def test_a_conflicting_key_is_written_beside_the_file_and_the_others_are_merged(acme: DevkitProject) -> None:
    acme.write("acme.toml", acme.read("acme.toml").replace("80", "100"))
    acme.write("devkit.toml", "[acme]\nlimit = 90\n")

    assert acme.run("apply", "--conflict", "inline").code == 0
    assert "limit = 100" in acme.read("acme.toml")
    assert "-limit = 100\n+limit = 90\n" in acme.read("acme.toml.rej")
    assert acme.run("apply", "--check").code == 0


def test_an_earlier_reject_is_not_written_over(acme: DevkitProject) -> None:
    acme.write("acme.txt", "mine\n")
    acme.write("devkit.toml", '[acme]\ntext = "theirs\\n"\n')
    acme.write("acme.txt.rej", "earlier\n")
    done = acme.run("apply", "--conflict", "rej")

    assert done.code == 73
    assert "acme.txt.rej" in done.stderr
    assert acme.read("acme.txt.rej") == "earlier\n"


@pytest.mark.parametrize("kind", ["link", "folder", "pipe"])
def test_what_is_no_file_is_left_alone_and_named(acme: DevkitProject, tmp_path: Path, kind: str) -> None:
    outside = tmp_path / "outside"
    outside.write_text("mine\n", "utf-8")
    target = acme.root / "acme.txt"
    target.unlink()
    make: dict[str, Callable[[], object]] = {
        "link": lambda: target.symlink_to(outside),
        "folder": target.mkdir,
        "pipe": lambda: os.mkfifo(target),
    }
    make[kind]()
    done = acme.run("apply")

    assert done.code == 73
    assert "acme.txt" in done.stderr
    assert "in the way" in done.stderr
    assert outside.read_text("utf-8") == "mine\n"


def test_a_file_that_the_user_deleted_stays_deleted(acme: DevkitProject) -> None:
    (acme.root / "acme.txt").unlink()
    (acme.root / "acme/start.txt").unlink()

    assert acme.run("apply").code == 0
    assert not (acme.root / "acme.txt").exists()
    assert not (acme.root / "acme/start.txt").exists()


def test_a_key_that_the_user_changed_is_kept_until_both_change(acme: DevkitProject) -> None:
    acme.write("acme.toml", acme.read("acme.toml").replace("80", "100"))
    assert acme.run("apply").code == 0
    assert "limit = 100" in acme.read("acme.toml")

    acme.write("devkit.toml", "[acme]\nlimit = 90\n")
    done = acme.run("apply")
    assert done.code == 73
    assert "tool.limit" in done.stderr
    assert "limit = 100" in acme.read("acme.toml")


def test_check_says_that_something_would_change_and_changes_nothing(acme: DevkitProject) -> None:
    acme.write("devkit.toml", "[acme]\nlimit = 90\n")
    before = acme.files()
    done = acme.run("apply", "--check")

    assert done.code == 3
    assert "state: nothing was changed" in done.stderr
    assert acme.files() == before


def test_a_dry_run_shows_the_change_and_makes_none(acme: DevkitProject) -> None:
    acme.write("devkit.toml", "[acme]\nlimit = 90\n")
    before = acme.files()
    done = acme.run("apply", "--dry-run")

    assert done.code == 0
    assert "+limit = 90" in done.stdout
    assert acme.files() == before


def test_removing_a_stage_takes_away_what_it_made_but_not_what_the_user_changed(acme: DevkitProject) -> None:
    acme.write("acme.txt", "mine\n")
    done = acme.run("remove", "acme")

    assert done.code == 0, done.stderr
    assert acme.read("acme.txt") == "mine\n"
    assert not (acme.root / "bin").exists()
    assert acme.read("acme.toml") == "# mine\n[tool]\nown = 1\n"
    assert acme.read(".gitignore") == "*.pyc\n"
    assert acme.read("acme/start.txt") == "begin here\n"


def test_adding_a_removed_stage_again_makes_its_files_again(acme: DevkitProject) -> None:
    acme.run("remove", "acme")

    assert acme.run("add", "acme").code == 0
    assert acme.read("acme.txt") == "one\n"


def test_an_ejected_file_is_left_alone_until_it_is_taken_back(acme: DevkitProject) -> None:
    assert acme.run("eject", "acme.txt").code == 0
    acme.write("devkit.toml", '[acme]\ntext = "new\\n"\n')
    assert acme.run("apply").code == 0
    assert acme.read("acme.txt") == "one\n"

    assert acme.run("eject", "--undo", "acme.txt").code == 0
    assert acme.read("acme.txt") == "new\n"


def test_an_ejected_key_is_left_alone(acme: DevkitProject) -> None:
    assert acme.run("eject", "acme.toml#tool.limit").code == 0
    acme.write("devkit.toml", "[acme]\nlimit = 90\n")

    assert acme.run("apply").code == 0
    assert "limit = 80" in acme.read("acme.toml")


def test_ejecting_what_is_not_generated_suggests_what_is(acme: DevkitProject) -> None:
    done = acme.run("eject", "acme.tx")

    assert done.code == 2
    assert "did you mean `acme.txt`?" in done.stderr


def test_a_saved_plan_is_applied_while_it_holds_and_refused_afterwards(acme: DevkitProject) -> None:
    acme.write("devkit.toml", "[acme]\nlimit = 90\n")
    saved = acme.root.parent / "plan.json"
    assert acme.run("plan", "--out", str(saved)).code == 0
    assert saved.stat().st_mode & 0o777 == 0o600

    acme.write("devkit.toml", "[acme]\nlimit = 91\n")
    stale = acme.run("apply", str(saved))
    assert stale.code == 73
    assert "limit = 80" in acme.read("acme.toml")

    acme.write("devkit.toml", "[acme]\nlimit = 90\n")
    assert acme.run("apply", str(saved)).code == 0
    assert "limit = 90" in acme.read("acme.toml")


def test_a_file_that_is_no_plan_is_refused(acme: DevkitProject) -> None:
    acme.write("plan.json", '{"schema": "other/1"}')

    assert acme.run("apply", str(acme.root / "plan.json")).code == 65


def test_an_absent_plugin_warns_readers_and_stops_writers(
    acme: DevkitProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEVKIT_DISABLE_PLUGIN_AUTOLOAD", "1")
    before = acme.files()
    read = acme.run("status")
    written = acme.run("apply")

    assert read.code == 0
    assert "pip install acme" in read.stderr
    assert written.code == 78
    assert "pip install acme" in written.stderr
    assert acme.files() == before


def test_another_version_of_a_generator_is_a_matter_for_update(acme: DevkitProject) -> None:
    acme.write(".devkit/lock.toml", acme.read(".devkit/lock.toml").replace('acme = "1.0"', 'acme = "0.9"', 1))

    refused = acme.run("apply")
    assert refused.code == 78
    assert "devkit update" in refused.stderr
    assert acme.run("update").code == 0
    assert acme.run("apply").code == 0


def test_the_baseline_is_settled_after_a_merge_conflict(acme: DevkitProject) -> None:
    line = acme.read(".devkit/baseline.jsonl").splitlines()[0]
    text = acme.read(".devkit/baseline.jsonl").replace(line, f"<<<<<<< HEAD\n{line}\n=======\n{line}\n>>>>>>> b", 1)
    acme.write(".devkit/baseline.jsonl", text)

    assert acme.run("apply").code == 0
    assert "<<<<<<<" not in acme.read(".devkit/baseline.jsonl")


def test_an_unknown_stage_gets_a_suggestion(acme: DevkitProject) -> None:
    done = acme.run("add", "tset")

    assert done.code == 2
    assert "did you mean `test`?" in done.stderr


def test_outside_of_a_project_the_way_in_is_shown(devkit_project: Callable[..., DevkitProject]) -> None:
    done = devkit_project().run("plan")

    assert done.code == 66
    assert "devkit init" in done.stderr


def test_a_stage_can_be_added_to_a_repository_that_devkit_does_not_know(
    devkit_project: Callable[..., DevkitProject],
) -> None:
    project = devkit_project({"pyproject.toml": '[project]\nname = "old"\nversion = "1"\n', "src/a.py": ""})
    project.git("init", "--quiet")
    done = project.run("-C", str(project.root / "src"), "add", "env")

    assert done.code == 0, done.stderr
    assert ".venv/" in project.read(".gitignore")
    assert project.run("status").code == 0
