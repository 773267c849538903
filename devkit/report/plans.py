"""Plans and their application as answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from devkit.api.actions import Verdict
from devkit.api.result import Result
from devkit.plan.diff import unified
from devkit.plan.plan import SCHEMA, counted
from devkit.project.root import BASELINE_FILE, LOCK_FILE
from devkit.report.text import clean, style

if TYPE_CHECKING:
    from collections.abc import Sequence

    from devkit.errors import DevkitError
    from devkit.plan.fileplan import FilePlan
    from devkit.plan.plan import Plan

_VERDICT_STYLES = {
    Verdict.CREATE: "green",
    Verdict.UPDATE: "yellow",
    Verdict.MERGE: "yellow",
    Verdict.CONFLICT: "red",
    Verdict.REMOVE: "red",
}


def plan_result(
    plan: Plan, *, error: DevkitError | None = None, has_diffs: bool = True, verbosity: int = 0
) -> Result:
    """Return a plan as an answer: verdicts with diffs, then tasks."""
    lines = [
        line for file in plan.files if _is_shown(file, verbosity) for line in _file_lines(file, has_diffs=has_diffs)
    ]
    lines += ["", *_summary(plan)] if lines else _summary(plan)
    return Result(schema=SCHEMA, data=plan_document(plan), lines=lines, error=error)


def applied_result(plan: Plan, *, error: DevkitError | None = None, verbosity: int = 0) -> Result:
    """Return what applying a plan did: a line for each changed file, or for devkit's records when only they did."""
    shown = [file for file in plan.files if _is_shown(file, verbosity)] or plan.changes
    lines = [_file_line(file) for file in shown] or ["nothing to do"]
    data = {**plan_document(plan), "applied": True}
    return Result(schema="devkit.apply/1", data=data, lines=lines, error=error)


def recovery_result(restored: Sequence[str], kept: Sequence[str]) -> Result:
    """Return what was put back as it was before, and what was kept because it was edited since."""
    lines = [f"{style('restored', 'yellow')}  {clean(path)}" for path in restored]
    lines += [f"{'kept':<9} {clean(path)}  edited since" for path in kept]
    data = {"restored": list(restored), "kept": list(kept)}
    return Result(schema="devkit.recovery/1", data=data, lines=lines)


def plan_document(plan: Plan) -> dict[str, Any]:
    """Return a plan as data."""
    return {
        "digest": plan.digest,
        "counts": counted(plan),
        "files": [_file_document(file) for file in plan.files],
        "tasks": [_task_document(plan, name) for name in plan.tasks],
        "stages": list(plan.stages),
    }


def _is_shown(file: FilePlan, verbosity: int) -> bool:
    return verbosity > 0 or file.changes_file or file.verdict is Verdict.CONFLICT


def _file_lines(file: FilePlan, *, has_diffs: bool) -> list[str]:
    lines = [_file_line(file)]
    if has_diffs and file.changes_file and file.verdict is not Verdict.CREATE and not _is_record(file):
        lines += [_diff_line(line) for line in unified(file.path, file.before.content, file.content).splitlines()]
    return lines


def _is_record(file: FilePlan) -> bool:
    """Whether a file is devkit's own record, whose diff nobody reads."""
    return file.path in {BASELINE_FILE, LOCK_FILE}


def _file_line(file: FilePlan) -> str:
    word = f"{file.verdict:<9}"
    colour = _VERDICT_STYLES.get(file.verdict)
    owners = style(f"  ({', '.join(file.owners)})", "dim") if file.owners else ""
    reason = f"  {file.reason}" if file.reason else ""
    return f"{style(word, colour) if colour else word} {clean(file.path)}{owners}{clean(reason)}"


def _diff_line(line: str) -> str:
    line = clean(line)
    if line.startswith(("+++", "---", "@@")):
        return style(line, "cyan")
    return style(line, "green" if line[:1] == "+" else "red") if line[:1] in {"+", "-"} else line


def _summary(plan: Plan) -> list[str]:
    counts = counted(plan)
    unchanged = counts.pop(str(Verdict.IDENTICAL), 0)
    words = [f"{count} {verdict}" for verdict, count in counts.items()]
    if not plan.changes and not plan.conflicts:
        return [f"nothing to do: {unchanged} files are as they should be"]
    return [", ".join([*words, f"{unchanged} unchanged"]) if words else "devkit's own records would change"]


def _file_document(file: FilePlan) -> dict[str, Any]:
    return {
        "path": file.path,
        "verdict": str(file.verdict),
        "owners": list(file.owners),
        "reason": file.reason,
        "before": file.before.state.digest or None,
        "diff": unified(file.path, file.before.content, file.content) if file.changes_file else "",
    }


def _task_document(plan: Plan, name: str) -> dict[str, Any]:
    planned = plan.tasks[name]
    task = planned.task
    return {
        "name": name,
        "summary": task.summary,
        "plugin": planned.plugin,
        "needs": list(task.needs),
        "effect": str(task.effect),
        "inputs": list(task.inputs),
        "outputs": list(task.outputs),
    }
