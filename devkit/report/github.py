"""What GitHub shows of a run: annotations beside the lines that they are about, and a summary of the step.

Workflow commands and GITHUB_STEP_SUMMARY: docs.github.com/actions/reference/workflows-and-actions/workflow-commands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from devkit.report.lastrun import duration
from devkit.report.text import clean

if TYPE_CHECKING:
    from devkit.errors import Place
    from devkit.report.account import Account

_COMMANDS = {"info": "notice"}
"""Where GitHub has another word for a severity."""
_MARKS = {"done": "✅", "skipped": "⏭️", "failed": "❌", "blocked": "🚫", "interrupted": "⏹️"}


def workflow_commands(account: Account) -> list[str]:
    """Return a workflow command for each finding and each failure."""
    found = [(str(each.severity), each.code, each.message, each.place) for each in account.findings]
    found += [("error", each.kind.code, each.message, each.place) for each in account.errors]
    return [_annotation(account, *each) for each in found]


def step_summary(account: Account) -> str:
    """Return the run as Markdown: a table of its tasks, then what failed and what was found."""
    lines = ["### devkit", ""]
    if account.tasks:
        lines += ["| task | outcome | time | |", "| --- | --- | --- | --- |"]
        lines += [
            _row(each.outcome.task, str(each.outcome.outcome), each.outcome.seconds, each.outcome.reason)
            for each in account.tasks
        ]
        lines.append("")
    lines += [f"- **error {each.kind.code}**: {_text(each.message)}{_help(each.help)}" for each in account.errors]
    lines += [f"- {each.severity} {each.code}: {_text(each.message)}{_help(each.help)}" for each in account.findings]
    return "\n".join(lines).rstrip("\n") + "\n\n"


def _annotation(account: Account, severity: str, code: str, message: str, place: Place | None) -> str:
    values = {"title": code}
    if place is not None:
        values["file"] = account.path(place)
        values |= {"line": str(place.line)} if place.line else {}
        values |= {"col": str(place.column)} if place.line and place.column else {}
    properties = ",".join(f"{name}={_property(value)}" for name, value in values.items())
    return f"::{_COMMANDS.get(severity, severity)} {properties}::{_data(message)}"


def _data(text: str) -> str:
    return clean(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _row(task: str, outcome: str, seconds: float, reason: str) -> str:
    lasting = duration(seconds) if seconds else ""
    return f"| {_text(task)} | {_MARKS.get(outcome, '')} {outcome} | {lasting} | {_text(reason)} |"


def _help(text: str) -> str:
    return f" ({_text(text)})" if text else ""


def _text(text: str) -> str:
    """Return text that Markdown shows as it is, but for code between backticks, in one line."""
    shown = " ".join(clean(text).split())
    for sign, entity in (("&", "&amp;"), ("<", "&lt;"), ("|", "&#124;"), ("[", "&#91;"), ("!", "&#33;")):
        shown = shown.replace(sign, entity)
    return shown
