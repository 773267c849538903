from __future__ import annotations

from xml.etree import ElementTree as ET

from devkit.report.account import Account
from devkit.report.junit import junit_report
from tests.devkit.report.accounts import account


def parsed(report: Account) -> ET.Element:
    return ET.fromstring(junit_report(report))  # noqa: S314 - our own


def test_each_stage_is_a_suite_and_each_task_a_case() -> None:
    root = parsed(account())

    assert {name: root.get(name) for name in ("tests", "failures", "errors", "skipped", "time")} == {
        "tests": "4",
        "failures": "1",
        "errors": "0",
        "skipped": "2",
        "time": "1.750",
    }
    assert [suite.get("name") for suite in root] == ["env", "test", "build"]
    cases = {case.get("name"): [child.tag for child in case] for case in root.iter("testcase")}
    assert cases == {
        "env:install": ["skipped"],
        "test:unit": [],
        "test:lint": ["failure"],
        "build:image": ["skipped"],
    }


def test_a_failure_says_why_and_holds_what_the_task_printed() -> None:
    (failure,) = parsed(account()).iter("failure")

    assert (failure.get("message"), failure.get("type")) == ('`a|b` "failed"', "DK0801")
    assert failure.text == "app.py:3: <odd> & \\x1b[31mred\\xff\n"


def test_a_command_without_tasks_has_an_empty_report() -> None:
    assert len(parsed(Account())) == 0
