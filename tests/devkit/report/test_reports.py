from __future__ import annotations

import json
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from devkit.testing import DevkitProject

CONFIG = """\
[tasks.good]
run = ["echo", "fine"]
[tasks.bad]
run = ["sh", "-c", "echo broken; exit 3"]
"""


@pytest.fixture
def project(devkit_project: Callable[..., DevkitProject]) -> DevkitProject:
    return devkit_project({"devkit.toml": CONFIG})


def test_reports_are_written_also_when_the_run_fails(project: DevkitProject) -> None:
    junit, sarif = project.root / "junit.xml", project.root / "found.sarif"
    words = ("--report", f"junit={junit}", "--report", f"sarif={sarif}", "run", "--keep-going", "good", "bad")

    assert project.run(*words).code == 1
    cases = [case.get("name") for case in ET.parse(junit).iter("testcase")]  # noqa: S314 - our own
    assert sorted(map(str, cases)) == ["project:bad", "project:good"]
    assert "broken\n" in junit.read_text()
    assert [result["ruleId"] for result in json.loads(sarif.read_text())["runs"][0]["results"]] == ["DK0801"]


def test_a_failure_before_any_task_is_reported_too(project: DevkitProject) -> None:
    sarif = project.root / "found.sarif"

    assert project.run("run", "nothing", "--report", f"sarif={sarif}").code == 2
    assert [result["ruleId"] for result in json.loads(sarif.read_text())["runs"][0]["results"]] == ["DK0104"]


@pytest.mark.parametrize("word", ["junit", "junit=", "html=out.html", "=x"])
def test_a_report_of_no_known_kind_is_refused_before_anything_runs(project: DevkitProject, word: str) -> None:
    ran = project.run("run", "good", "--report", word)

    assert (ran.code, "done" in ran.stderr) == (2, False)


def test_a_report_that_cannot_be_written_is_refused_before_anything_runs(project: DevkitProject) -> None:
    ran = project.run("run", "good", "--report", f"junit={project.root}/none/junit.xml")

    assert (ran.code, "done" in ran.stderr) == (74, False)


def test_on_github_failures_are_annotated_and_the_step_is_summed_up(
    project: DevkitProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    summary = project.write("summary.md", "before\n")
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))

    ran = project.run("run", "bad", "--json")

    assert ran.document["error"]["code"] == "DK0801"
    assert "::error title=DK0801::`project:bad` ended with exit code 3" in ran.stderr.splitlines()
    assert summary.read_text().startswith("before\n### devkit\n")
    assert "| project:bad | ❌ failed |" in summary.read_text()


def test_elsewhere_nothing_is_annotated(project: DevkitProject) -> None:
    assert "::error" not in project.run("run", "bad").stderr


def test_files_are_named_from_the_folder_that_the_command_works_in(project: DevkitProject) -> None:
    assert project.run("run", "good", "--report", "junit=junit.xml", "--events", "events.jsonl").code == 0

    assert "good" in project.read("junit.xml")
    assert "good" in project.read("events.jsonl")


def test_places_are_told_from_the_top_of_the_repository(
    project: DevkitProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.git("init", "-q", "..")
    project.write("devkit.toml", "[tasks.bad]\nruns = []\n")
    sarif = project.root / "found.sarif"
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    done = project.run("run", "--report", f"sarif={sarif}")
    (result,) = json.loads(sarif.read_text())["runs"][0]["results"]

    assert done.code == 78
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "project/devkit.toml"
    assert "file=project/devkit.toml,line=2" in done.stderr
