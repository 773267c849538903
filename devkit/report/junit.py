"""Tasks as a JUnit report: one suite a stage, one case a task, as Jenkins, GitLab and others read it."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from devkit.api.tasks import Outcome
from devkit.report.lastrun import timestamp
from devkit.report.text import clean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from devkit.report.account import Account, TaskAccount

_UNDONE = {
    Outcome.BLOCKED: "skipped",
    Outcome.SKIPPED: "skipped",
    Outcome.INTERRUPTED: "error",
    Outcome.FAILED: "failure",
}
"""The element for each outcome that is none of a case which passed."""


def junit_report(account: Account) -> str:
    """Return the report as XML; what a task printed is in it when the task failed."""
    stages = dict.fromkeys(_stage(task) for task in account.tasks)
    suites = [_suite(stage, [task for task in account.tasks if _stage(task) == stage]) for stage in stages]
    head = f'<testsuites name="devkit"{_totals(account.tasks)}>'
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', head, *suites, "</testsuites>"]) + "\n"


def _suite(stage: str, tasks: Sequence[TaskAccount]) -> str:
    began = timestamp(min(task.began for task in tasks))
    when = f' timestamp="{began.removesuffix("Z")}"' if began else ""
    head = f"  <testsuite name={_quoted(stage)}{_totals(tasks)}{when}>"
    return "\n".join([head, *map(_case, tasks), "  </testsuite>"])


def _case(task: TaskAccount) -> str:
    outcome = task.outcome
    words = f'classname={_quoted(_stage(task))} name={_quoted(outcome.task)} time="{outcome.seconds:.3f}"'
    element = _UNDONE.get(outcome.outcome)
    if element is None:
        return f"    <testcase {words}/>"
    kind = f" type={_quoted(outcome.code)}" if outcome.code else ""
    message = _quoted(outcome.reason or str(outcome.outcome))
    text = html.escape(clean(task.output), quote=False) if element == "failure" else ""
    return f"    <testcase {words}><{element} message={message}{kind}>{text}</{element}></testcase>"


def _totals(tasks: Sequence[TaskAccount]) -> str:
    found = [_UNDONE.get(task.outcome.outcome) for task in tasks]
    counts = {"tests": len(tasks), "failures": found.count("failure"), "errors": found.count("error")}
    counts["skipped"] = found.count("skipped")
    seconds = sum(task.outcome.seconds for task in tasks)
    return "".join(f' {name}="{count}"' for name, count in counts.items()) + f' time="{seconds:.3f}"'


def _stage(task: TaskAccount) -> str:
    return task.outcome.task.partition(":")[0]


def _quoted(text: str) -> str:
    return f'"{html.escape(clean(text))}"'
