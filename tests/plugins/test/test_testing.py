from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

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
