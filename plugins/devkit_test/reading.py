"""Reading the reports that test runners write: JUnit XML, Jest's JSON, Cobertura XML and LCOV."""

from __future__ import annotations

import json
import os
from math import isfinite
from typing import TYPE_CHECKING

from msgspec import Struct, ValidationError, convert, field

from devkit.api import REPORT_UNREADABLE, DevkitError, Place
from devkit_test.reports import FAILED, PASSED, SKIPPED, Case, Coverage, FileCoverage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path
    from xml.etree.ElementTree import Element

_LARGEST = 256 * 1024 * 1024
"""Bytes of a report that is still read."""
_LONGEST = 300
"""Characters of a message that are kept."""


class _JestTest(Struct, frozen=True, kw_only=True):
    name: str = field(name="fullName")
    status: str
    duration: float | None = None
    messages: list[str] | None = field(name="failureMessages", default=None)


class _JestFile(Struct, frozen=True, kw_only=True):
    name: str
    status: str
    tests: list[_JestTest] = field(name="assertionResults")
    message: str = ""


class _JestReport(Struct, frozen=True, kw_only=True):
    """What `jest --json` writes: see `FormattedTestResults` of @jest/test-result."""

    files: list[_JestFile] = field(name="testResults", default_factory=list)


def read_cases(root: Path, path: str) -> list[Case]:
    """Return the tests of a JUnit report, or of a JSON report of Jest; REPORT_UNREADABLE for anything else."""
    text = _content(root, path)
    if path.endswith(".json"):
        return list(_jest(root, _json(path, text).files))
    return list(_junit(root.resolve(), _xml(path, text), ""))


def read_coverage(root: Path, path: str) -> Coverage:
    """Return the coverage of a Cobertura report, or of an LCOV one (`.info`); REPORT_UNREADABLE for anything else."""
    text = _content(root, path)
    if path.endswith(".info"):
        return _lcov(root, path, text.decode("utf-8", "replace"))
    return _cobertura(root, path, _xml(path, text))


def _junit(root: Path, element: Element, suite: str) -> Iterator[Case]:
    """Yield the test cases below an element; runners nest suites as they like."""
    for child in element:
        if child.tag == "testcase":
            yield _case(root, child, suite)
        elif child.tag in {"testsuite", "testsuites"}:
            yield from _junit(root, child, child.get("name", ""))


def _case(root: Path, element: Element, suite: str) -> Case:
    problem = next((found for tag in ("failure", "error") if (found := element.find(tag)) is not None), None)
    outcome = FAILED if problem is not None else SKIPPED if element.find("skipped") is not None else PASSED
    name, line = _inside(root, element.get("name", "")), element.get("line", "")
    is_file = name != element.get("name", "")  # node puts a file that it cannot load in place of its tests
    file = name if is_file else _inside(root, element.get("file", ""))
    return Case(
        name=name if is_file else _name(element, suite, file),
        outcome=outcome,
        seconds=_seconds(element.get("time", "0")),
        file=file,
        line=int(line) + 1 if line.isdecimal() else None,  # pytest counts from 0
        message=_short(problem),
    )


def _name(element: Element, suite: str, file: str) -> str:
    """Return the name that finds a test again: pytest's own where the file is known, else suite and name."""
    name, of = element.get("name", ""), element.get("classname", "")
    if _is_unloaded(element.find("error")):
        return file or name
    if file.endswith(".py"):
        module = file.removesuffix(".py").replace("/", ".")
        short = module.rpartition(".")[2]  # as unittest calls it, whose discovery begins in the folder of the tests
        below = of.removeprefix(module).strip(".") if of.startswith(module) else f"{of}.".removeprefix(f"{short}.")
        below = below.strip(".")
        return "::".join(part for part in (file, *below.split("."), name) if part)
    return " > ".join(part for part in ("" if of in {"test", suite} else of, suite, name) if part)


def _short(problem: Element | None) -> str:
    if problem is None:
        return ""
    text = problem.get("message") or problem.text or ""
    if _is_unloaded(problem):
        said = [line[1:].strip() for line in (problem.text or "").splitlines() if line.startswith("E ")]
        return f"it cannot be loaded: {said[-1] if said else text}"[:_LONGEST]
    return next((line.strip() for line in text.splitlines() if line.strip()), "")[:_LONGEST]


def _is_unloaded(problem: Element | None) -> bool:
    """Whether pytest could not even load a file of tests, and says so in place of one of them."""
    return problem is not None and problem.get("message") == "collection failure"


def _jest(root: Path, files: Iterable[_JestFile]) -> Iterator[Case]:
    outcomes = {"passed": PASSED, "failed": FAILED}
    for file in files:
        path = _relative(root, file.name)
        for test in file.tests:
            yield Case(
                name=f"{path} > {test.name}",
                outcome=outcomes.get(test.status, SKIPPED),
                seconds=(test.duration or 0) / 1000,
                file=path,
                message="".join(test.messages or ())[:_LONGEST].partition("\n")[0],
            )
        if file.status == "failed" and not file.tests:  # a file that could not be loaded
            yield Case(name=path, outcome=FAILED, file=path, message=file.message[:_LONGEST])


def _cobertura(root: Path, path: str, report: Element) -> Coverage:
    sources = [source.text or "" for source in report.iter("source")] or [""]
    files: dict[str, FileCoverage] = {}
    for element in report.iter("class"):
        name = _found(root, sources, element.get("filename", ""))
        try:
            lines = {int(line.get("number", "")): int(line.get("hits", "")) for line in element.iter("line")}
        except ValueError as problem:
            raise _unreadable(path, "it has lines without numbers") from problem
        files[name] = files.get(name, FileCoverage()).joined(_file(lines))
    return Coverage(files=files)


def _lcov(root: Path, path: str, text: str) -> Coverage:
    files: dict[str, FileCoverage] = {}
    name, lines = "", dict[int, int]()
    for record in text.splitlines():
        kind, _, value = record.partition(":")
        if kind == "SF":
            name, lines = _relative(root, value), {}
        elif kind == "DA":
            number, _, hits = value.partition(",")
            try:
                lines[int(number)] = int(hits.partition(",")[0])
            except ValueError as problem:
                raise _unreadable(path, f"`{record[:40]}` is not a record of LCOV") from problem
        elif record == "end_of_record":
            files[name] = files.get(name, FileCoverage()).joined(_file(lines))
    return Coverage(files=files)


def _file(lines: dict[int, int]) -> FileCoverage:
    covered = frozenset(line for line, hits in lines.items() if hits > 0)
    return FileCoverage(covered=covered, missed=frozenset(lines) - covered)


def _found(root: Path, sources: list[str], name: str) -> str:
    """Return the path in the project of a file that a report names relative to one of its sources."""
    candidates = [os.path.join(source, name) for source in sources]
    return _relative(root, next((path for path in candidates if os.path.exists(path)), candidates[0]))


def _relative(root: Path, path: str) -> str:
    return os.path.relpath(os.path.join(root, path), root).replace(os.sep, "/")


def _inside(root: Path, path: str) -> str:
    """Return a path of a file in the project as it is from there; anything else as it is."""
    return path.removeprefix(os.path.join(root, ""))


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        return 0.0
    return seconds if isfinite(seconds) else 0.0


def _content(root: Path, path: str) -> bytes:
    try:
        with open(root / path, "rb") as file:
            content = file.read(_LARGEST + 1)
    except OSError as problem:
        raise _unreadable(path, problem.strerror or "it cannot be opened") from problem
    if len(content) > _LARGEST:
        raise _unreadable(path, "it is larger than 256 MiB")
    return content


def _xml(path: str, content: bytes) -> Element:
    """Return a parsed document; one that declares entities is refused, since it can grow without end."""
    from xml.etree import ElementTree as ET

    if b"<!ENTITY" in content:
        raise _unreadable(path, "it declares entities")
    try:
        return ET.fromstring(content)  # noqa: S314 - entities were refused, nothing external is ever read
    except ET.ParseError as problem:
        raise _unreadable(path, str(problem), problem.position[0]) from problem


def _json(path: str, content: bytes) -> _JestReport:
    try:
        return convert(json.loads(content), _JestReport)
    except (ValueError, ValidationError, RecursionError) as problem:
        raise _unreadable(path, str(problem)) from problem


def _unreadable(path: str, reason: str, line: int | None = None) -> DevkitError:
    message = f"the report of the tests cannot be read: {reason}"
    return DevkitError(
        REPORT_UNREADABLE,
        message,
        place=Place(path=path, line=line),
        help="run the tests with `-v` to see their output",
    )
