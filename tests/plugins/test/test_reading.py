from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from devkit_test.reading import read_cases, read_coverage

from devkit.api import REPORT_UNREADABLE, DevkitError

if TYPE_CHECKING:
    from pathlib import Path

PYTEST = """\
<testsuites><testsuite name="pytest">
<testcase classname="tests.test_a.TestB" name="test_c[1]" file="tests/test_a.py" line="4" time="0.5"/>
<testcase classname="tests.test_a" name="test_d" file="tests/test_a.py" line="9" time="0.1">
<failure message="assert 1 == 2">long</failure></testcase>
<testcase classname="tests.test_a" name="test_e" file="tests/test_a.py" line="12" time="0"><skipped/></testcase>
</testsuite></testsuites>"""
COBERTURA = """\
<coverage><sources><source>{root}/src/shop</source></sources><packages><package><classes>
<class filename="app.py"><lines><line number="1" hits="1"/><line number="2" hits="0"/></lines></class>
</classes></package></packages></coverage>"""
LCOV = "TN:\nSF:src/a.ts\nDA:1,3\nDA:2,0,abc\nend_of_record\nSF:{root}/src/b.ts\nDA:7,1\nend_of_record\n"


def test_a_report_of_pytest_names_tests_as_pytest_takes_them(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text(PYTEST)

    first, second, third = read_cases(tmp_path, "a.xml")

    assert (first.name, first.outcome, first.seconds) == ("tests/test_a.py::TestB::test_c[1]", "passed", 0.5)
    assert (second.name, second.line, second.message) == ("tests/test_a.py::test_d", 10, "assert 1 == 2")
    assert third.outcome == "skipped"


def test_a_file_that_pytest_cannot_load_is_told_by_its_name_with_the_reason(tmp_path: Path) -> None:
    text = "a.py:1: in x\nE     File a.py, line 69\nE   SyntaxError: invalid syntax"
    error = f'<error message="collection failure">{text}</error>'
    case = f'<testcase classname="" name="tests.test_a" file="tests/test_a.py" time="0">{error}</testcase>'
    (tmp_path / "a.xml").write_text(f"<testsuites><testsuite name='pytest'>{case}</testsuite></testsuites>")

    [failed] = read_cases(tmp_path, "a.xml")

    assert (failed.name, failed.outcome) == ("tests/test_a.py", "failed")
    assert failed.message == "it cannot be loaded: SyntaxError: invalid syntax"


def test_a_file_that_node_cannot_load_is_told_by_its_path_in_the_project(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text(
        f'<testsuites><testcase name="{tmp_path}/test/a.test.js" time="0" classname="test"><failure '
        f'type="testCodeFailure" message="test failed"/></testcase><testcase name="/users" classname="test" '
        f'file="{tmp_path}/test/b.test.js"/></testsuites>'
    )

    assert [(case.name, case.file) for case in read_cases(tmp_path, "a.xml")] == [
        ("test/a.test.js", "test/a.test.js"),
        ("/users", "test/b.test.js"),
    ]


def test_suites_within_suites_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text(
        '<testsuites><testcase name="one" classname="test"/><testsuite name="sub"><testcase name="in" '
        'classname="test" time="odd"><error>\n  boom\nmore</error></testcase></testsuite></testsuites>'
    )

    assert [(case.name, case.outcome, case.message) for case in read_cases(tmp_path, "a.xml")] == [
        ("one", "passed", ""),
        ("sub > in", "failed", "boom"),
    ]


def test_a_report_of_jest_is_read_with_files_that_could_not_be_loaded(tmp_path: Path) -> None:
    test = {"fullName": "adds", "status": "passed", "duration": 5, "failureMessages": []}
    results = [
        {"name": str(tmp_path / "a.test.js"), "status": "passed", "assertionResults": [test]},
        {"name": str(tmp_path / "b.test.js"), "status": "failed", "assertionResults": [], "message": "syntax"},
    ]
    (tmp_path / "a.json").write_text(json.dumps({"testResults": results}))

    assert [(case.name, case.outcome) for case in read_cases(tmp_path, "a.json")] == [
        ("a.test.js > adds", "passed"),
        ("b.test.js", "failed"),
    ]


def test_cobertura_and_lcov_name_files_by_their_path_in_the_project(tmp_path: Path) -> None:
    (tmp_path / "src/shop").mkdir(parents=True)
    (tmp_path / "src/shop/app.py").touch()
    (tmp_path / "a.xml").write_text(COBERTURA.format(root=tmp_path))
    (tmp_path / "a.info").write_text(LCOV.format(root=tmp_path))

    cobertura, lcov = read_coverage(tmp_path, "a.xml"), read_coverage(tmp_path, "a.info")

    assert list(cobertura.files) == ["src/shop/app.py"]
    assert cobertura.percent == 50
    assert {path: (set(file.covered), set(file.missed)) for path, file in lcov.files.items()} == {
        "src/a.ts": ({1}, {2}),
        "src/b.ts": ({7}, set()),
    }


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.xml", "<testsuites>"),
        ("a.xml", ""),
        ("a.xml", '<!DOCTYPE a [<!ENTITY b "c">]><testsuites/>'),
        ("a.json", "{"),
        ("a.json", "[]"),
        ("a.json", '{"testResults": [{"name": "a.js"}]}'),
        ("missing.xml", None),
    ],
)
def test_a_report_that_cannot_be_read_is_bad_data_with_its_place(tmp_path: Path, name: str, text: str | None) -> None:
    if text is not None:
        (tmp_path / name).write_text(text)

    with pytest.raises(DevkitError) as caught:
        read_cases(tmp_path, name)

    assert (caught.value.kind, caught.value.exit) == (REPORT_UNREADABLE, 65)
    assert str(caught.value.place).startswith(name)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.info", "SF:a\nDA:x,1\nend_of_record\n"),
        ("a.xml", '<coverage><class filename="a"><line number="x" hits="1"/></class></coverage>'),
    ],
)
def test_coverage_that_makes_no_sense_is_bad_data(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)

    with pytest.raises(DevkitError) as caught:
        read_coverage(tmp_path, name)

    assert caught.value.exit == 65


@pytest.mark.parametrize("time", ["nan", "inf", "1,000.0", ""])
def test_a_time_that_is_none_counts_as_none(tmp_path: Path, time: str) -> None:
    (tmp_path / "a.xml").write_text(f'<testsuite><testcase name="a" time="{time}"/></testsuite>')

    assert read_cases(tmp_path, "a.xml")[0].seconds == 0
