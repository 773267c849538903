from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from devkit.testing import DevkitProject, Ran

TASKS = """\
[tasks.gen]
run = ["cp", "spec.txt", "made.txt"]
inputs = ["spec.txt"]
outputs = ["made.txt"]

[tasks.check]
run = ["cat", "src/a.py"]
inputs = ["src/**"]
needs = ["gen"]
accepts-arguments = true

[tasks.other]
run = ["true"]
inputs = ["other/**"]

[tasks.always]
run = ["true"]
"""


@pytest.fixture
def project(devkit_project: Callable[..., DevkitProject], committed: Callable[..., DevkitProject]) -> DevkitProject:
    files = {"devkit.toml": TASKS, "spec.txt": "spec", "src/a.py": "a = 1\n", "other/b.txt": "b"}
    return committed(devkit_project({**files, ".gitignore": "made.txt\n.devkit/state/\n"}))


def reasons(ran: Ran) -> dict[str, tuple[str, str]]:
    assert ran.code == 0, ran.stderr
    return {task["task"].partition(":")[2]: (task["outcome"], task["reason"]) for task in ran.document["tasks"]}


def test_a_second_run_does_nothing_and_says_so(project: DevkitProject) -> None:
    first = project.run("run", "check", "other", "--json")
    assert {outcome for outcome, _ in reasons(first).values()} == {"done"}
    second = project.run("run", "check", "other")

    assert second.code == 0
    assert second.stderr.count("skipped") == 3
    assert second.stderr.count("nothing changed") == 3


def test_what_changed_runs_again_with_what_depends_on_it_and_nothing_else(project: DevkitProject) -> None:
    project.run("run", "check", "other")
    project.write("spec.txt", "another")

    assert reasons(project.run("run", "check", "other", "--json")) == {
        "gen": ("done", "`spec.txt` changed"),
        "check": ("done", "what `project:gen` makes changed"),
        "other": ("skipped", "nothing changed"),
    }


def test_what_makes_the_same_again_lets_the_others_rest(project: DevkitProject) -> None:
    project.run("run", "check")
    (project.root / "made.txt").unlink()

    assert reasons(project.run("run", "check", "--json")) == {
        "gen": ("done", "output `made.txt` is missing"),
        "check": ("skipped", "nothing changed"),
    }


def test_no_cache_runs_everything(project: DevkitProject) -> None:
    project.run("run", "check")

    assert reasons(project.run("run", "check", "--no-cache", "--json")) == {
        "gen": ("done", "--no-cache was given"),
        "check": ("done", "--no-cache was given"),
    }
    assert reasons(project.run("run", "check", "--json"))["check"] == ("skipped", "nothing changed")


def test_a_failed_task_runs_again_though_nothing_changed(project: DevkitProject) -> None:
    project.run("run", "check")
    (project.root / "src/a.py").rename(project.root / "src/b.py")
    assert project.run("run", "check").code == 1
    (project.root / "src/b.py").rename(project.root / "src/a.py")

    assert reasons(project.run("run", "check", "--json"))["check"] == ("done", "it did not end well last time")


def test_a_pattern_that_fits_nothing_is_a_finding(project: DevkitProject) -> None:
    project.write("devkit.toml", TASKS.replace('["other/**"]', '["othr/**"]'))
    ran = project.run("run", "other", "--json")

    (finding,) = (each for each in ran.document["findings"] if each["code"] == "DK0830")
    assert "`othr/**`" in finding["message"]
    assert ran.code == 0


def test_the_reason_is_in_the_ledger_and_explained(project: DevkitProject) -> None:
    project.run("run", "check")
    project.write("src/a.py", "a = 2\n")
    before = project.files()
    told = project.run("explain", "check", "--json").document
    assert told["up_to_date"] is False
    assert told["changes"] == ["`src/a.py` changed"]
    assert "It would run now: `src/a.py` changed." in project.run("explain", "check").stdout
    assert project.files() == before

    project.run("run", "check")
    text = project.run("explain", "check").stdout
    assert "It is up to date: 1 input" in text
    assert "ended well" in text
    assert "`src/a.py` changed" in text


def test_a_task_without_inputs_is_explained(project: DevkitProject) -> None:
    assert project.run("explain", "always", "--json").document["up_to_date"] is None
    assert "names no inputs" in project.run("explain", "always").stdout


def test_explaining_starts_no_program_of_the_project(project: DevkitProject) -> None:
    tool = project.write("bin/tool", "#!/bin/sh\ntouch started\n")
    tool.chmod(0o755)
    project.write("devkit.toml", TASKS.replace('inputs = ["other/**"]', 'inputs = ["other/**"]\ntools = ["sh"]'))

    assert project.run("explain", "other").code == 0
    assert not (project.root / ".devkit/state/tasks").exists()


def test_arguments_are_a_part_of_the_work(project: DevkitProject) -> None:
    project.run("run", "check")
    ran = project.run("run", "check", "--json", "--", "spec.txt")

    assert reasons(ran)["check"] == ("done", "arguments were given")
    assert reasons(ran)["gen"] == ("skipped", "nothing changed")
