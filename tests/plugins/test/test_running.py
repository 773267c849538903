from __future__ import annotations

import subprocess
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
FAILING = PASSING.replace("half(4), 2", "half(4), 30")  # another size, or bytecode would count for both
IDENTITY = ("-c", "user.name=Test", "-c", "user.email=test@example.com")
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


def begin(root: Path, *paths: str) -> None:
    """Make a repository whose first commit has these files."""
    (root / ".gitignore").write_text("__pycache__/\n.devkit/\n")
    for words in (("init", "-q"), ("add", ".gitignore", *paths), (*IDENTITY, "commit", "-qm", "Begin")):
        subprocess.run(["git", *words], cwd=root, check=True)


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
    assert "2 != 30" in caught.value.message


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
    begin(project, ".")
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
    assert run(project, "unittest", arguments=("-v", "-k", "even")).figures["passed"] == 1
    assert run(project, "unittest", arguments=("tests/test_shop.py",)).figures["passed"] == 1
    with pytest.raises(DevkitError):
        run(project, "unittest", arguments=("-k", "odd"))


DJANGO = """\
import unittest

class DiscoverRunner:
    def get_resultclass(self):
        return None

    def run_tests(self, labels):
        suite = unittest.defaultTestLoader.loadTestsFromNames(labels)
        return unittest.TextTestRunner(resultclass=self.get_resultclass()).run(suite).wasSuccessful()
"""
"""What runs the tests of a project of Django, as far as devkit has to do with it."""
MANAGE = """\
import sys
from django.test.runner import DiscoverRunner

if __name__ == "__main__":
    command, *labels = sys.argv[1:]
    if command == "test" and not DiscoverRunner().run_tests(labels or ["test_shop"]):
        sys.exit(1)
"""


@pytest.mark.parametrize("arguments", [(), ("test_shop.py",), ("test_shop.HalfTest.test_even",)])
def test_a_django_project_runs_its_tests_by_its_own_program(project: Path, arguments: tuple[str, ...]) -> None:
    (project / "django/test").mkdir(parents=True)
    (project / "django/test/runner.py").write_text(DJANGO)
    (project / "manage.py").write_text(MANAGE)
    argv = [sys.executable, "manage.py"]

    assert run(project, "unittest", argv=argv, arguments=arguments).figures["passed"] == 1
    (project / "test_shop.py").write_text(FAILING)
    with pytest.raises(DevkitError, match=r"`test_shop\.py::HalfTest::test_even`") as caught:
        run(project, "unittest", argv=argv, arguments=arguments)
    assert caught.value.kind is TESTS_FAILED


def test_a_test_of_unittest_is_called_by_its_file_and_class(project: Path) -> None:
    (project / "tests").mkdir()
    (project / "tests/test_shop.py").write_text(FAILING)
    (project / "test_shop.py").unlink()

    with pytest.raises(DevkitError) as caught:
        run(project, "unittest")
    assert "`tests/test_shop.py::HalfTest::test_even`" in caught.value.message


@pytest.mark.parametrize("runner", ["pytest", "unittest"])
def test_that_no_test_ran_is_no_success(project: Path, runner: str) -> None:
    (project / "test_shop.py").unlink()
    with pytest.raises(DevkitError) as caught:
        run(project, runner)

    assert (caught.value.kind, caught.value.message) == (TESTS_FAILED, "no unit test ran")


def test_a_runner_that_fails_for_another_reason_than_a_test_does_not_pass(project: Path) -> None:
    (project / "conftest.py").write_text("def pytest_sessionfinish(session):\n    session.exitstatus = 3\n")

    with pytest.raises(DevkitError) as caught:
        run(project, has_coverage=True, minimum=50)

    assert (caught.value.kind, caught.value.message) == (TESTS_FAILED, "the unit tests ended with exit code 3")


@pytest.mark.parametrize("has_git", [True, False])
def test_a_test_that_was_mended_before_git_knew_it_is_not_flaky(project: Path, *, has_git: bool) -> None:
    if has_git:
        begin(project, "shop.py")
    (project / "test_shop.py").write_text(FAILING)
    with pytest.raises(DevkitError):
        run(project, "unittest")
    (project / "test_shop.py").write_text(PASSING)

    assert run(project, "unittest").figures["flaky"] == 0


def test_what_is_remembered_of_earlier_runs_may_have_been_written_by_hand(project: Path) -> None:
    run(project, "unittest")
    (project / ".devkit/state/test/unit-past.json").write_text('[{"code": "a"}, 1]')

    assert run(project, "unittest").figures["passed"] == 1


def unittested(project: Path, body: str) -> DevkitError:
    """Return how a test fails that unittest runs."""
    (project / "test_shop.py").write_text(f"import unittest\n\nclass HalfTest(unittest.TestCase):\n{body}")
    with pytest.raises(DevkitError) as caught:
        run(project, "unittest")
    return caught.value


def test_a_message_of_unittest_with_control_characters_is_told(project: Path) -> None:
    failure = unittested(project, "    def test_it(self):\n        self.fail('\\x1b[31mred\\x00\\udcff')\n")

    assert failure.kind == TESTS_FAILED
    assert "red" in failure.message


def test_a_subtest_of_unittest_is_where_its_test_is(project: Path) -> None:
    failure = unittested(
        project, "    def test_it(self):\n        with self.subTest(i=1.5):\n            self.fail('no')\n"
    )

    assert "`test_shop.py::HalfTest::test_it (i=1.5)`" in failure.message
    assert str(failure.place) == "test_shop.py:4"


def test_a_set_up_of_a_class_that_fails_in_unittest_is_named(project: Path) -> None:
    body = "    @classmethod\n    def setUpClass(cls):\n        raise ValueError('no')\n    def test_it(self): ...\n"

    assert "`test_shop.HalfTest > setUpClass`: ValueError: no" in unittested(project, body).message


def test_a_module_that_unittest_cannot_import_is_where_it_is(project: Path) -> None:
    (project / "tests").mkdir()
    (project / "tests/test_broken.py").write_text("import nothing_of_this_name\n")

    with pytest.raises(DevkitError) as caught:
        run(project, "unittest")

    assert str(caught.value.place) == "tests/test_broken.py"


def test_a_test_of_unittest_may_be_any_callable(project: Path) -> None:
    body = "    def half(self, n):\n        self.assertEqual(n, 1)\n    test_it = partialmethod(half, 2)\n"

    assert "2 != 1" in unittested(project, f"    from functools import partialmethod\n{body}").message


def test_where_git_is_not_tests_run_all_the_same(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")

    assert run(project, "unittest").figures["passed"] == 1
