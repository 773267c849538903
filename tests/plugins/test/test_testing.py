from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from tests.devkit.session.test_watching import READY, Watched

if TYPE_CHECKING:
    from collections.abc import Callable

    from devkit.testing import DevkitProject

SCRIPT = '[project]\nname = "shop"\nversion = "1"\n'
TEST = "import unittest\n\nclass T(unittest.TestCase):\n    def test_it(self):\n        pass\n"


@pytest.fixture
def project(devkit_project: Callable[..., DevkitProject]) -> DevkitProject:
    """A committed project whose installed environment is this interpreter."""
    files = {"pyproject.toml": SCRIPT, "tests/test_it.py": TEST, "README.md": "", "devkit.toml": ""}
    project = devkit_project(files)
    project.write("devkit.toml", '[tasks."env:install"]\nenabled = false\n[test]\ncoverage = false\n')
    for stage in ("env", "test"):
        assert project.run("add", stage).code == 0
    (project.root / ".venv/bin").mkdir(parents=True)
    (project.root / ".venv/bin/python").symlink_to(sys.executable)
    project.git("init", "--quiet", "--initial-branch=main")
    project.git("add", "--all")
    project.git("commit", "--quiet", "--message", "Begin")
    return project


def test_a_change_that_no_test_reads_runs_none(project: DevkitProject) -> None:
    project.write("README.md", "more\n")
    done = project.run("test", "--affected", "--base", "HEAD")

    assert (done.code, done.stdout) == (0, "no test reads what changed\n")


def test_an_affected_kind_is_among_what_runs(project: DevkitProject) -> None:
    project.write("tests/test_it.py", TEST + "# changed\n")
    done = project.run("test", "--affected", "--base", "HEAD")

    assert "affected: test:unit" in done.stderr


def test_tests_run_again_when_a_file_changes_that_they_read(project: DevkitProject) -> None:
    watched = Watched(project, "test")
    watched.until(READY)
    project.write("tests/test_it.py", TEST.replace("pass", "raise ValueError"))
    watched.until("changed: tests/test_it.py")
    lines = watched.until(READY)

    assert any("1 of 1 tests failed" in line for line in lines), lines
    assert watched.end() == 130


def test_a_run_without_a_report_does_not_tell_what_an_earlier_one_said(project: DevkitProject) -> None:
    assert "1 passed" in project.run("test").stdout
    project.write("tests/test_it.py", "import os\nos._exit(3)\n")
    done = project.run("test")

    assert (done.code, "passed" in done.stdout) == (1, False)


def test_of_each_kind_the_tests_that_failed_last_run_alone(
    project: DevkitProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    python = project.root / ".venv/bin/python"
    python.unlink()
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    project.write("pyproject.toml", SCRIPT + '[dependency-groups]\ndev = ["pytest"]\n')
    for path in ("tests/test_it.py", "tests/integration/test_both.py"):
        project.write(path, "def test_good(): ...\ndef test_bad(): assert False\n")
    never = project.run("test", "--last-failed")
    assert (never.code, never.stdout) == (0, "no test has run here yet: run devkit test first\n")
    assert project.run("test").code == 1

    done = project.run("test", "--last-failed", "--json")

    counts = [(each["kind"], each["passed"], each["failed"]) for each in done.document["kinds"]]
    assert (done.code, counts) == (1, [("unit", 0, 1), ("integration", 0, 1)])


@pytest.mark.parametrize("words", [("-k", "name"), ("--last-failed",)])
def test_what_an_unknown_runner_calls_a_choice_is_not_guessed(
    devkit_project: Callable[..., DevkitProject], words: tuple[str, ...]
) -> None:
    manifest = '{"name": "shop", "version": "1.0.0", "scripts": {"test": "mocha"}}'
    project = devkit_project({"package.json": manifest, "devkit.toml": "", "index.js": ""})
    for stage in ("env", "test"):
        assert project.run("add", stage).code == 0
    done = project.run("test", *words)

    assert (done.code, "`mocha`" in done.stderr) == (2, True)
