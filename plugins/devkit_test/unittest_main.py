"""Runs unittest in the project's own Python and writes a JUnit report; it stands alone, without devkit.

Usage: `python unittest_main.py REPORT COVERAGE MANAGE [ARGUMENTS]`; COVERAGE is `""`, or where to write Cobertura
XML; MANAGE is `""`, or Django's `manage.py`, whose command `test` then runs the tests.
"""

from __future__ import annotations

import inspect
import os
import re
import runpy
import sys
import time
import traceback
import unittest
from importlib import import_module
from typing import Any
from xml.etree.ElementTree import Element, ElementTree, SubElement

_TAKES_ONE = {"-k", "--durations"}
"""Options of unittest that take the next word for their own."""
_BROKEN = "unittest.loader._FailedTest"
"""The class that stands for a module which cannot be imported."""


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
        SubElement(self._case(test), "skipped", message=_plain(reason))
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
        message = "".join(traceback.format_exception_only(kind, value)).strip()
        SubElement(self._case(test), "failure", message=_plain(message))

    def _case(self, test: unittest.TestCase) -> Element:
        of, name = _named(test)
        seconds = f"{time.monotonic() - self._started:.6f}"
        case = SubElement(self.suite, "testcase", classname=_plain(of), name=_plain(name), time=seconds)
        file, line = _place(test)
        if file:
            case.set("file", file)
        if line:
            case.set("line", str(line - 1))
        return case


def _named(test: Any) -> tuple[str, str]:
    """Return the class of a test, and its name; a set-up is called `setUpClass (module.Class)` by unittest."""
    if (part := getattr(test, "test_case", None)) is not None:
        of, name = _named(part)
        return of, f"{name} {test._subDescription()}"  # noqa: SLF001 - unittest shows nobody what a part is called
    if (set_up := re.fullmatch(r"(\w+) \((.+)\)", test.id())) is not None:
        return set_up[2], set_up[1]
    of, _, name = test.id().rpartition(".")
    return ("" if of == _BROKEN else of), name


def _place(test: Any) -> tuple[str, int]:
    """Return the file of a test in the project, `""` where that is not known, and its line, counted from 1."""
    test = getattr(test, "test_case", test)
    if test.id().startswith(f"{_BROKEN}."):
        path = test.id().removeprefix(f"{_BROKEN}.").replace(".", "/") + ".py"
        paths = (os.path.join(folder, path) for folder in ("", "tests", "test"))
        return next(filter(os.path.isfile, paths), ""), 0
    method = inspect.unwrap(getattr(test, getattr(test, "_testMethodName", ""), None) or str)
    code = getattr(getattr(method, "func", method), "__code__", None)
    here = os.path.join(os.getcwd(), "")
    if code is None or not os.path.abspath(code.co_filename).startswith(here):
        return "", 0
    return os.path.abspath(code.co_filename).removeprefix(here), code.co_firstlineno


def _plain(text: str) -> str:
    """Return text without what no XML can hold: control characters, and halves of characters."""
    return re.sub("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", lambda sign: ascii(sign[0])[1:-1], text)


def main() -> int:
    """Run the tests and write the reports; return the exit code."""
    report, coverage, manage, *arguments = sys.argv[1:]
    sys.path[0] = os.getcwd()
    results: list[Result] = []

    def begin(*values: Any, **settings: Any) -> Result:
        results.append(Result(*values, **settings))
        return results[-1]

    code = _managed(manage, arguments, begin) if manage else _unmanaged(arguments, begin)
    if results:
        ElementTree(results[-1].suite).write(report, encoding="utf-8", xml_declaration=True)
    if coverage:
        _write_coverage(coverage)
    return code


def _unmanaged(arguments: list[str], begin: Any) -> int:
    """Run the tests that are named, or all that are found; return the exit code."""
    program = unittest.main(
        module=None,
        argv=["unittest", *(arguments if _names_tests(arguments) else ["discover", *_start(), *arguments])],
        testRunner=unittest.TextTestRunner(resultclass=begin),
        exit=False,
    )
    return 0 if program.result.wasSuccessful() else 1


def _managed(manage: str, arguments: list[str], begin: Any) -> int:
    """Run the tests of a Django project, which takes modules and no files; return the exit code."""
    runner: Any = import_module("django.test.runner").DiscoverRunner
    runner.get_resultclass = lambda _: begin
    modules = [word.removesuffix(".py").replace("/", ".") if word.endswith(".py") else word for word in arguments]
    sys.argv = [manage, "test", *modules]
    try:
        runpy.run_path(manage, run_name="__main__")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    return 0


def _names_tests(arguments: list[str]) -> bool:
    """Whether arguments say which tests there are, rather than how those that are found are run."""
    values = {number + 1 for number, word in enumerate(arguments) if word in _TAKES_ONE}
    return any(not word.startswith("-") for number, word in enumerate(arguments) if number not in values)


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
