"""Runs unittest in the project's own Python and writes a JUnit report; it stands alone, without devkit.

Usage: `python unittest_main.py REPORT COVERAGE [ARGUMENTS]`; COVERAGE is `""`, or where to write Cobertura XML.
"""

from __future__ import annotations

import inspect
import os
import sys
import time
import unittest
from typing import Any
from xml.etree.ElementTree import Element, ElementTree, SubElement


class Result(unittest.TextTestResult):
    """Remembers how long each test took and how it ended."""

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.suite = Element("testsuite", name="unittest")
        self._started = 0.0

    def startTest(self, test: unittest.TestCase) -> None:  # noqa: N802 - unittest's name
        """Note when a test begins."""
        self._started = time.monotonic()
        super().startTest(test)

    def addSuccess(self, test: unittest.TestCase) -> None:  # noqa: N802 - unittest's name
        """Note a test that passed."""
        self._case(test)
        super().addSuccess(test)

    def addFailure(self, test: unittest.TestCase, err: Any) -> None:  # noqa: N802 - unittest's name
        """Note a test that failed."""
        self._failed(test, err)
        super().addFailure(test, err)

    def addError(self, test: unittest.TestCase, err: Any) -> None:  # noqa: N802 - unittest's name
        """Note a test, or the set-up of some, that ended in an error."""
        self._failed(test, err)
        super().addError(test, err)

    def addSubTest(self, test: unittest.TestCase, subtest: unittest.TestCase, err: Any) -> None:  # noqa: N802
        """Note a part of a test that failed."""
        if err is not None:
            self._failed(subtest, err)
        super().addSubTest(test, subtest, err)

    def addSkip(self, test: unittest.TestCase, reason: str) -> None:  # noqa: N802 - unittest's name
        """Note a test that was skipped."""
        SubElement(self._case(test), "skipped", message=reason)
        super().addSkip(test, reason)

    def addExpectedFailure(self, test: unittest.TestCase, err: Any) -> None:  # noqa: N802 - unittest's name
        """Note a test that failed as it should."""
        self._case(test)
        super().addExpectedFailure(test, err)

    def addUnexpectedSuccess(self, test: unittest.TestCase) -> None:  # noqa: N802 - unittest's name
        """Note a test that passed and should not have."""
        SubElement(self._case(test), "failure", message="it passed, and was expected to fail")
        super().addUnexpectedSuccess(test)

    def _failed(self, test: unittest.TestCase, err: Any) -> None:
        kind, value, _ = err
        SubElement(self._case(test), "failure", message=f"{kind.__name__}: {value}")

    def _case(self, test: unittest.TestCase) -> Element:
        of, _, name = test.id().rpartition(".")
        seconds = f"{time.monotonic() - self._started:.6f}"
        case = SubElement(self.suite, "testcase", classname=of, name=name, time=seconds)
        method = getattr(test, getattr(test, "_testMethodName", ""), None)
        if method is not None:
            code = inspect.unwrap(method).__code__
            case.set("file", os.path.relpath(code.co_filename))
            case.set("line", str(code.co_firstlineno - 1))
        return case


def main() -> int:
    """Run the tests and write the reports; return the exit code."""
    report, coverage, *arguments = sys.argv[1:]
    sys.path[0] = os.getcwd()
    program = unittest.main(
        module=None,
        argv=["unittest", *(arguments or ["discover", *_start()])],
        testRunner=unittest.TextTestRunner(resultclass=Result),
        exit=False,
    )
    if isinstance(program.result, Result):
        ElementTree(program.result.suite).write(report, encoding="utf-8", xml_declaration=True)
    if coverage:
        _write_coverage(coverage)
    return 0 if program.result.wasSuccessful() else 1


def _start() -> list[str]:
    """Return where discovery begins when it would not enter the folder of the tests, which is no package."""
    folders = [name for name in ("tests", "test") if os.path.isdir(name)]
    return ["-s", folders[0]] if folders and not os.path.exists(f"{folders[0]}/__init__.py") else []


def _write_coverage(path: str) -> None:
    from coverage import Coverage

    measuring = Coverage.current()
    if measuring is not None:
        measuring.stop()
        measuring.xml_report(outfile=path)


if __name__ == "__main__":
    sys.exit(main())
