from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest
from devkit_test.memory import load_summary
from devkit_test.running import run_tests
from devkit_test.words import summary_document, summary_lines

from devkit.api import COVERAGE_LOW, REPORT_MISSING, RUNNER_MISSING, TESTS_FAILED, DevkitError
from devkit.engine.taskcontext import ProjectTaskContext, Surroundings

if TYPE_CHECKING:
    from pathlib import Path

PASSING = """\
import unittest
from shop import half

class HalfTest(unittest.TestCase):
    def test_even(self):
        self.assertEqual(half(4), 2)

    @unittest.skip("later")
    def test_later(self):
        pass
"""
FAILING = PASSING.replace("half(4), 2", "half(4), 3")
CODE = "def half(number):\n    if number % 2:\n        raise ValueError(number)\n    return number // 2\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "shop.py").write_text(CODE)
    (tmp_path / "test_shop.py").write_text(PASSING)
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = -p no:cacheprovider\n")
    return tmp_path


def run(
    root: Path, runner: str = "pytest", *, arguments: tuple[str, ...] = (), **settings: Any
) -> ProjectTaskContext:
    surroundings = Surroundings(root=root, tell=lambda _: None)
    context = ProjectTaskContext(task="test:unit", surroundings=surroundings, arguments=arguments)
    argv = [sys.executable, "-m", "pytest", "-p", "no:randomly"] if runner == "pytest" else [sys.executable]
    values = {"kind": "unit", "runner": runner, "argv": argv, "has_coverage": False, "minimum": 0, **settings}
    run_tests(context, **values)
    return context


@pytest.mark.parametrize("runner", ["pytest", "unittest"])
def test_what_passed_is_counted_measured_and_remembered(project: Path, runner: str) -> None:
    context = run(project, runner, has_coverage=True)

    assert {name: context.figures[name] for name in ("passed", "failed", "skipped", "flaky")} == {
        "passed": 1,
        "failed": 0,
        "skipped": 1,
        "flaky": 0,
    }
    summary = load_summary(project, "unit")
    assert summary is not None
    assert summary.coverage is not None
    assert set(summary.coverage.files["shop.py"].missed) == {3}
    assert not (project / ".coverage").exists()


@pytest.mark.parametrize("runner", ["pytest", "unittest"])
def test_a_failure_names_the_test_its_place_and_its_message(project: Path, runner: str) -> None:
    (project / "test_shop.py").write_text(FAILING)

    with pytest.raises(DevkitError) as caught:
        run(project, runner)

    assert caught.value.kind == TESTS_FAILED
    assert "test_shop.py::HalfTest::test_even" in caught.value.message
    assert str(caught.value.place) == "test_shop.py:5"
    assert "2 != 3" in caught.value.message


def test_too_little_coverage_names_the_lines(project: Path) -> None:
    with pytest.raises(DevkitError) as caught:
        run(project, has_coverage=True, minimum=100)

    assert caught.value.kind == COVERAGE_LOW
    assert "shop.py: 3" in caught.value.help


def test_a_part_of_the_tests_is_not_held_to_the_coverage_of_the_whole(project: Path) -> None:
    run(project, has_coverage=True, minimum=100, arguments=("-k", "even"))

    summary = load_summary(project, "unit")
    assert summary is not None
    assert summary.is_partial


def test_a_test_that_passes_and_fails_on_the_same_code_is_flaky(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = PASSING.replace(
        "        self.assertEqual", "        import os; assert 'BREAK' not in os.environ\n        self.assertEqual"
    )
    (project / "test_shop.py").write_text(text)
    run(project)
    monkeypatch.setenv("BREAK", "1")
    with pytest.raises(DevkitError):
        run(project)

    summary = load_summary(project, "unit")
    assert summary is not None
    assert summary.flaky == ("test_shop.py::HalfTest::test_even",)
    assert any("flaky" in line for line in summary_lines([summary], None, 0))


def test_tests_that_cannot_be_collected_are_a_failure(project: Path) -> None:
    (project / "test_shop.py").write_text("import nothing_of_this_name\n")

    with pytest.raises(DevkitError) as caught:
        run(project)

    assert caught.value.kind == TESTS_FAILED


def test_a_runner_that_is_not_installed_is_named_with_the_way_to_get_it(project: Path) -> None:
    bare = [sys.executable, "-S", "-m", "pytest"]
    (project / "sitecustomize.py").touch()
    argv = [str(project / "python"), *bare[1:]]
    (project / "python").write_text(f'#!/bin/sh\nexec {sys.executable} -I -S "$@"\n')
    (project / "python").chmod(0o755)

    with pytest.raises(DevkitError) as caught:
        run(project, argv=argv)

    assert (caught.value.kind, caught.value.exit) == (RUNNER_MISSING, 69)


def test_a_runner_that_ends_without_a_report_is_told_of(project: Path) -> None:
    with pytest.raises(DevkitError) as caught:
        run(project, arguments=("--no-such-option",))

    assert caught.value.kind == REPORT_MISSING


def test_a_summary_by_hand_is_not_believed(project: Path) -> None:
    run(project)
    (project / ".devkit/state/test/unit.json").write_text('{"kind": 1}')

    assert load_summary(project, "unit") is None


def test_the_summary_is_lines_and_data(project: Path) -> None:
    run(project, has_coverage=True)
    summary = load_summary(project, "unit")
    assert summary is not None

    assert summary_lines([summary], summary.coverage, 0)[0].startswith("unit  1 passed, 1 skipped in")
    assert summary_document([summary], None)["coverage"]["uncovered"]["shop.py"] == "3"


def test_unittest_finds_tests_in_a_folder_that_is_no_package(project: Path) -> None:
    (project / "tests").mkdir()
    (project / "test_shop.py").rename(project / "tests/test_shop.py")

    assert run(project, "unittest").figures["passed"] == 1


@pytest.mark.parametrize("runner", ["pytest", "unittest"])
def test_that_no_test_ran_is_no_success(project: Path, runner: str) -> None:
    (project / "test_shop.py").unlink()
    with pytest.raises(DevkitError) as caught:
        run(project, runner)

    assert (caught.value.kind, caught.value.message) == (TESTS_FAILED, "no unit test ran")
