"""The command line of each test runner: with reports, coverage, and the part of the tests that the user chose."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct, field

from devkit_test.memory import FOLDER

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_THRESHOLDS = ("branches", "functions", "lines", "statements")
_NODE_THRESHOLDS = tuple(f"--test-coverage-{of}" for of in _THRESHOLDS)
_TEST = re.compile(r"(?!-).*\.py(?:::.*)?", re.DOTALL)
"""A file of tests, or one of its tests as pytest names it."""


class RunnerCommand(Struct, frozen=True, kw_only=True):
    """What to start, and the files that it writes: `cases`, and `coverage` where that is measured."""

    argv: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict)
    cases: str = ""
    coverage: str = ""

    @property
    def reports(self) -> tuple[str, ...]:
        """The files that it writes."""
        return tuple(filter(None, (self.cases, self.coverage)))


def command_for(
    runner: str, argv: Sequence[str], kind: str, *, has_coverage: bool, chosen: Sequence[str]
) -> RunnerCommand:
    """Return the command of a runner for a kind of tests; `chosen` are the user's own arguments."""
    base = f"{FOLDER}/{kind}"
    match runner:
        case "pytest":
            return _pytest(argv, base, chosen, has_coverage=has_coverage)
        case "unittest":
            return _unittest(argv, base, chosen, has_coverage=has_coverage)
        case "vitest":
            return _vitest(argv, base, chosen, has_coverage=has_coverage)
        case "jest":
            return _jest(argv, base, chosen, has_coverage=has_coverage)
        case "node":
            return _node(argv, base, chosen, has_coverage=has_coverage)
        case _:
            return RunnerCommand(argv=[*argv, *chosen], env={"NO_COLOR": "1"})


def _pytest(argv: Sequence[str], base: str, chosen: Sequence[str], *, has_coverage: bool) -> RunnerCommand:
    folder = f"tests/{base.rpartition('/')[2]}"
    chooses = any(map(_TEST.fullmatch, chosen))  # what is named runs without all else that is in the kind's folder
    words = [word for word in argv if not (chooses and word == folder)]
    words += [f"--junitxml={base}.xml", "-o", "junit_family=xunit1"]
    if has_coverage:
        # `--cov` takes the next word for its own unless that is an option; the gate is devkit's.
        words += ["--cov", f"--cov-report=xml:{base}-coverage.xml", "--cov-report=term-missing:skip-covered"]
        words += ["--cov-fail-under=0"]
    env = {"COVERAGE_FILE": f"{base}.coverage"} if has_coverage else {}
    return RunnerCommand(
        argv=[*words, *chosen],
        env=env,
        cases=f"{base}.xml",
        coverage=f"{base}-coverage.xml" if has_coverage else "",
    )


def _unittest(argv: Sequence[str], base: str, chosen: Sequence[str], *, has_coverage: bool) -> RunnerCommand:
    """Return a run of devkit's own small main program for unittest, which has no report of its own.

    `argv` is the interpreter, in a Django project with its `manage.py`.
    """
    python, manage = argv[0], "".join(argv[1:])
    measured = f"{base}-coverage.xml" if has_coverage else ""
    script = str(Path(__file__).with_name("unittest_main.py"))
    coverage = ("-m", "coverage", "run") if has_coverage else ()
    return RunnerCommand(
        argv=[python, *coverage, script, f"{base}.xml", measured, manage, *chosen],
        env={"COVERAGE_FILE": f"{base}.coverage"},
        cases=f"{base}.xml",
        coverage=measured,
    )


def _vitest(argv: Sequence[str], base: str, chosen: Sequence[str], *, has_coverage: bool) -> RunnerCommand:
    words = [*argv, "--reporter=default", "--reporter=junit", f"--outputFile.junit={base}.xml"]
    if has_coverage:
        words += ["--coverage.reporter=text", "--coverage.reporter=lcov", f"--coverage.reportsDirectory={base}"]
        words += [f"--coverage.thresholds.{of}=0" for of in _THRESHOLDS] if chosen else []
    coverage = f"{base}/lcov.info" if has_coverage else ""
    return RunnerCommand(argv=[*words, *chosen], env={"NO_COLOR": "1"}, cases=f"{base}.xml", coverage=coverage)


def _jest(argv: Sequence[str], base: str, chosen: Sequence[str], *, has_coverage: bool) -> RunnerCommand:
    words = [*argv, "--json", f"--outputFile={base}-jest.json"]
    if has_coverage:
        words += ["--coverageReporters=text", "--coverageReporters=lcov", f"--coverageDirectory={base}"]
        words += ["--coverageThreshold={}"] if chosen else []
    coverage = f"{base}/lcov.info" if has_coverage else ""
    return RunnerCommand(argv=[*words, *chosen], env={"NO_COLOR": "1"}, cases=f"{base}-jest.json", coverage=coverage)


def _node(argv: Sequence[str], base: str, chosen: Sequence[str], *, has_coverage: bool) -> RunnerCommand:
    """Return `node --test` with reporters, which have to stand before the files."""
    reporters = {"spec": "stdout", "junit": f"{base}.xml"} | ({"lcov": f"{base}.info"} if has_coverage else {})
    words = [*argv[:2], *(["--experimental-test-coverage"] if has_coverage else [])]
    for name, destination in reporters.items():
        words += [f"--test-reporter={name}", f"--test-reporter-destination={destination}"]
    coverage = f"{base}.info" if has_coverage else ""
    options = [word for word in chosen if word.startswith("-")]
    own = [word for word in argv[2:] if not (chosen and word.startswith(_NODE_THRESHOLDS))]
    files = [word for word in chosen if not word.startswith("-")] or own
    return RunnerCommand(
        argv=[*words, *options, *files], env={"NO_COLOR": "1"}, cases=f"{base}.xml", coverage=coverage
    )
