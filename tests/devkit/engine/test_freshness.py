from __future__ import annotations

import os
from types import MappingProxyType
from typing import TYPE_CHECKING

import pytest

from devkit.api.tasks import Call, RunCommand
from tests.devkit.engine.freshly import Asked, git, made, write

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(params=["git", "none"])
def root(request: pytest.FixtureRequest, tmp_path: Path, devkit_home: Path) -> Path:  # noqa: ARG001 - git's identity
    """A project with and without a repository."""
    root = tmp_path / "project"
    write(root, "src/a.py", "one")
    write(root, "src/b.py", "two")
    if request.param == "git":
        git(root, "init", "-q")
        write(root, ".gitignore", "build/\n*.so\n.devkit/\n")
        git(root, "add", "-A")
        git(root, "commit", "-qm", "first")
    return root


def test_a_task_runs_once_and_then_only_when_an_input_changed(root: Path) -> None:
    asked = Asked(root, made(inputs=("src/**",)))

    assert asked.run() == "there is no record of an earlier run"
    assert asked.run() == ""
    write(root, "src/a.py", "six")
    assert asked.run() == "`src/a.py` changed"
    assert asked.run() == ""
    write(root, "src/c.py", "new")
    (root / "src/b.py").unlink()
    assert asked.run() == "`src/b.py` is gone, and 1 more"
    write(root, "README", "not an input")
    assert asked.run() == ""


def test_a_change_that_is_taken_back_is_none(root: Path) -> None:
    asked = Asked(root, made(inputs=("src/**",)))
    asked.run()
    write(root, "src/a.py", "six")
    write(root, "src/a.py", "one")

    assert asked.run() == ""


def test_arguments_of_a_call_may_be_any_mapping(root: Path) -> None:
    def asked(number: int) -> Asked:
        arguments = {"limits": MappingProxyType({"most": number})}
        return Asked(root, made(inputs=("src/**",), action=Call(function="own:make", arguments=arguments)))

    asked(1).run()

    assert asked(1).run() == ""
    assert asked(2).run() == "what the task does changed"


def test_a_file_becomes_executable(root: Path) -> None:
    asked = Asked(root, made(inputs=("src/**",)))
    asked.run()
    (root / "src/a.py").chmod(0o755)

    assert asked.run() == "`src/a.py` changed"


def test_outputs_must_be_there_with_what_the_task_left(root: Path) -> None:
    asked = Asked(root, made(inputs=("src/**",), outputs=("build/out.txt",)))
    freshness = asked.freshness()
    assert not freshness.check(asked.task).is_fresh
    write(root, "build/out.txt", "made")
    freshness.finished(asked.task)

    assert asked.why() == ""
    write(root, "build/out.txt", "edit")
    assert asked.why() == "output `build/out.txt` was changed"
    (root / "build/out.txt").unlink()
    assert asked.why() == "output `build/out.txt` is missing"


def test_a_folder_may_be_an_output(root: Path) -> None:
    asked = Asked(root, made(inputs=("src/**",), outputs=("build",)))
    freshness = asked.freshness()
    freshness.check(asked.task)
    write(root, "build/.hidden/out.txt", "made")
    freshness.finished(asked.task)

    write(root, "build/.hidden/out.txt", "edit")
    assert asked.why() == "output `build/.hidden/out.txt` was changed"


def test_outputs_among_the_inputs_are_not_read(root: Path) -> None:
    asked = Asked(root, made(inputs=("src/**",), outputs=("src/gen.py",)))
    freshness = asked.freshness()
    freshness.check(asked.task)
    write(root, "src/gen.py", "made")
    freshness.finished(asked.task)

    assert asked.why() == ""


def test_a_task_that_changes_its_inputs_runs_until_it_changes_none(root: Path) -> None:
    asked = Asked(root, made(inputs=("src/**",)))
    freshness = asked.freshness()
    freshness.check(asked.task)
    write(root, "src/a.py", "formatted")
    freshness.finished(asked.task)

    assert asked.run() == "`src/a.py` changed"
    assert asked.run() == ""


def test_an_input_that_changes_while_the_task_runs_counts_even_if_it_is_changed_back(root: Path) -> None:
    asked = Asked(root, made(inputs=("src/**",)))
    freshness = asked.freshness()
    freshness.check(asked.task)
    write(root, "src/a.py", "six")
    freshness.finished(asked.task)
    write(root, "src/a.py", "one")

    assert asked.why() == "`src/a.py` changed"


def test_variables_are_told_by_name_and_not_kept(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Asked(root, made(inputs=("src/**",), variables=("TOKEN",)))
    monkeypatch.setenv("TOKEN", "canary-1")
    asked.run()
    assert asked.run() == ""
    monkeypatch.setenv("TOKEN", "canary-2")
    assert asked.run() == "variable `TOKEN` changed"
    monkeypatch.delenv("TOKEN")
    assert asked.run() == "variable `TOKEN` changed"

    kept = b"".join(file.read_bytes() for file in (root / ".devkit").rglob("*") if file.is_file())
    assert b"canary" not in kept


def test_a_tool_counts_by_its_version(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def install(text: str) -> None:
        write(tmp_path, "bin/tool", f"#!/bin/sh\necho run >> {tmp_path}/starts\necho tool {text}\n")
        (tmp_path / "bin/tool").chmod(0o755)

    install("0.4.1")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"), prepend=os.pathsep)
    asked = Asked(root, made(inputs=("src/**",), tools=("tool",)))
    asked.run()
    assert asked.run() == ""
    assert (tmp_path / "starts").read_text() == "run\n"
    install("0.4.1")
    assert asked.run() == ""
    install("0.5.0")
    assert asked.run() == "tool `tool` 0.4.1 → 0.5.0"
    (tmp_path / "bin/tool").unlink()
    assert asked.run() == "tool `tool` is missing"


def test_what_a_needed_task_makes_counts(root: Path) -> None:
    lock = made("env:lock", inputs=("src/a.py",), outputs=("build/lock",))
    asked = Asked(root, made(inputs=("src/b.py",), needs=("env:lock?",)), others=(lock,))
    write(root, "build/lock", "one")
    asked.run()
    assert asked.run() == ""
    write(root, "build/lock", "two")

    assert asked.run() == "what `env:lock` makes changed"


def test_another_command_is_another_task(root: Path) -> None:
    Asked(root, made(inputs=("src/**",))).run()
    other = made(inputs=("src/**",), action=RunCommand(argv=("true", "--more")))

    assert Asked(root, other).run() == "what the task does changed"


def test_another_version_of_the_plugin_is_named(root: Path) -> None:
    asked = Asked(root, made(inputs=("src/**",)))
    for version in ("1.0", "2.0"):
        freshness = asked.freshness(versions={"own": version})
        verdict = freshness.check(asked.task)
        freshness.finished(asked.task)

    assert verdict.reason == "its plugin 1.0 → 2.0"


def test_the_code_of_a_call_counts(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from devkit.engine.packagecode import package_digest

    write(tmp_path, "site/own/__init__.py", "")
    write(tmp_path, "site/own/deep/work.py", "x = 1")
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    asked = Asked(root, made(inputs=("src/**",), action=Call(function="own.deep.work:go")))
    asked.run()
    assert asked.run() == ""
    write(tmp_path, "site/own/deep/work.py", "x = 2")
    package_digest.cache_clear()

    assert asked.run() == "the code of its plugin changed"
    package_digest.cache_clear()


def test_a_task_that_did_not_end_well_runs_again(root: Path) -> None:
    asked = Asked(root, made(inputs=("src/**",)))
    asked.run()
    forced = asked.freshness(always={asked.task.name: "--no-cache was given"})

    assert forced.check(asked.task).reason == "--no-cache was given"
    assert asked.run() == "it did not end well last time"
    assert asked.run() == ""


def test_a_part_of_the_work_is_never_skipped_and_says_nothing_of_the_whole(root: Path) -> None:
    asked = Asked(root, made(inputs=("src/**",), accepts_arguments=True))
    part = asked.freshness(arguments=("-k", "one"))
    assert part.check(asked.task).reason == "arguments were given"
    part.finished(asked.task)

    assert asked.run() == "there is no record of an earlier run"


def test_without_inputs_a_task_always_runs(root: Path) -> None:
    asked = Asked(root, made())

    assert not asked.freshness().check(asked.task).is_fresh
    asked.freshness().finished(asked.task)
    assert not asked.freshness().check(asked.task).is_fresh


def test_a_pattern_that_fits_nothing_is_found(root: Path) -> None:
    asked = Asked(root, made(inputs=("src/**", "lib/**")))
    asked.run()

    assert asked.findings == ["no file fits `lib/**`, which `project:make` reads"]


@pytest.mark.parametrize("damage", [b"", b"{}\n", b"not json", b'{"schema": 1, "files": ""}\n', b"\xff\0\n\0"])
def test_a_broken_record_means_that_the_task_runs(root: Path, damage: bytes) -> None:
    asked = Asked(root, made(inputs=("src/**",)))
    asked.run()
    for file in (root / ".devkit/state/tasks").iterdir():
        file.write_bytes(damage)

    assert asked.run() == "there is no record of an earlier run"
    assert asked.run() == ""


def test_a_cut_record_means_that_the_task_runs(root: Path) -> None:
    asked = Asked(root, made(inputs=("src/**",)))
    asked.run()
    for file in (root / ".devkit/state/tasks").iterdir():
        file.write_bytes(file.read_bytes()[:-3])

    assert asked.run() == "there is no record of an earlier run"


def test_where_nothing_can_be_kept_the_task_runs_again(root: Path) -> None:
    (root / ".devkit").write_text("in the way")
    asked = Asked(root, made(inputs=("src/**",)))

    assert asked.run() == "there is no record of an earlier run"
    assert asked.run() == "there is no record of an earlier run"


def test_a_link_counts_by_where_it_points_to_and_what_is_there(root: Path, tmp_path: Path) -> None:
    write(tmp_path, "outside.txt", "one")
    (root / "src/link").symlink_to(tmp_path / "outside.txt")
    asked = Asked(root, made(inputs=("src/**",)))
    asked.run()
    assert asked.run() == ""
    write(tmp_path, "outside.txt", "two")
    assert asked.run() == "`src/link` changed"


def test_a_pipe_in_the_place_of_a_file_is_not_waited_for(root: Path) -> None:
    os.mkfifo(root / "src/pipe")
    asked = Asked(root, made(inputs=("src/**",)))
    asked.run()

    assert asked.run() == ""


def test_an_output_may_be_seen_by_no_pattern_of_the_inputs_without_git(tmp_path: Path) -> None:
    write(tmp_path, "src/a.py", "one")
    asked = Asked(tmp_path, made(inputs=("**",)))
    asked.run()

    assert asked.run() == ""
