from __future__ import annotations

from devkit.report.account import Account
from devkit.report.github import step_summary, workflow_commands
from tests.devkit.report.accounts import account


def test_findings_and_failures_are_annotated_beside_their_lines() -> None:
    assert workflow_commands(account()) == [
        "::notice title=ACME1,file=src/ü%2C b.py,line=3,col=7::100 %25 odd:%0Asee",
        "::error title=DK0801::`test:lint` ended with exit code 1",
    ]


def test_the_summary_is_a_table_that_no_text_can_break() -> None:
    lines = step_summary(account()).splitlines()

    assert "| test:unit | ✅ done | 1.5 s |  |" in lines
    assert '| test:lint | ❌ failed | 0.2 s | `a&#124;b` "failed" |' in lines
    assert "- **error DK0801**: `test:lint` ended with exit code 1 (its output is above)" in lines


def test_without_tasks_the_summary_has_no_table() -> None:
    assert step_summary(Account()) == "### devkit\n\n"
