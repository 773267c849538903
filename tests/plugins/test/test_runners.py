from __future__ import annotations

import pytest
from devkit_test.node_tasks import runner_of
from devkit_test.runners import command_for

PYTEST = ["python", "-m", "pytest"]


def words(runner: str, argv: list[str], *, chosen: tuple[str, ...] = (), has_coverage: bool = True) -> list[str]:
    return list(command_for(runner, argv, "unit", has_coverage=has_coverage, chosen=chosen).argv)


def test_no_argument_is_taken_for_what_coverage_measures() -> None:
    given = words("pytest", PYTEST, chosen=("tests/unit",))

    assert given[given.index("--cov") + 1].startswith("-")
    assert given[-1] == "tests/unit"


def test_pytest_without_coverage_is_not_asked_for_it() -> None:
    assert not [word for word in words("pytest", PYTEST, has_coverage=False) if word.startswith("--cov")]


def test_a_part_of_vitest_s_tests_has_no_thresholds_of_coverage() -> None:
    npm = ["npm", "run", "test", "--"]

    assert not [word for word in words("vitest", npm) if "thresholds" in word]
    assert len([word for word in words("vitest", npm, chosen=("a",)) if "thresholds" in word]) == 4


def test_the_reporters_of_node_stand_before_the_files() -> None:
    given = words("node", ["node", "--test", "tests/"], chosen=("--test-name-pattern=a",))

    assert given[-2:] == ["--test-name-pattern=a", "tests/"]
    assert "--experimental-test-coverage" in given
    assert words("node", ["node", "--test", "tests/"], chosen=("b.js",))[-1] == "b.js"


def test_an_unknown_runner_is_run_as_it_is() -> None:
    command = command_for("", ["npm", "run", "test", "--"], "unit", has_coverage=False, chosen=("a",))

    assert command.argv == ["npm", "run", "test", "--", "a"]
    assert command.reports == ()


@pytest.mark.parametrize(
    ("script", "runner"),
    [
        ("vitest run --coverage", "vitest"),
        ("cross-env A=1 jest", "jest"),
        ("node --test tests/", "node"),
        ("node --test tests/ | tap", ""),
        ("mocha", ""),
        ("'", ""),
    ],
)
def test_the_runner_is_read_off_the_script(script: str, runner: str) -> None:
    assert runner_of(script) == runner


def test_named_tests_of_a_kind_run_without_the_rest_of_its_folder() -> None:
    argv = [*PYTEST, "tests/unit"]

    assert "tests/unit" not in words("pytest", argv, chosen=("-x", "tests/unit/test_a.py::test_b[x.y]"))
    assert "tests/unit" not in words("pytest", argv, chosen=("tests/unit/test_a.py",))
    assert "tests/unit" in words("pytest", argv, chosen=("-k", "name"))


def test_a_part_of_node_s_tests_has_no_thresholds_of_coverage() -> None:
    argv = ["node", "--test", "--test-coverage-lines=90", "tests/"]

    assert "--test-coverage-lines=90" in words("node", argv)
    assert "--test-coverage-lines=90" not in words("node", argv, chosen=("--test-name-pattern=a",))
