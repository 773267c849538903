"""The plan: the verdict for every file and the tasks that can be run, as pure data."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from devkit.api.actions import Verdict
from devkit.errors import BAD_PLAN, DevkitError, Place
from devkit.project.state import digest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from devkit.api.findings import Finding
    from devkit.api.tasks import Task
    from devkit.api.tools import Tool
    from devkit.plan.fileplan import FilePlan

SCHEMA = "devkit.plan/1"
CONFIGURATION = "configuration"
"""What is named as the plugin of a task that no plugin offers."""
_CHANGING = frozenset({Verdict.CREATE, Verdict.UPDATE, Verdict.MERGE, Verdict.REMOVE})


class PlannedTask(Struct, frozen=True, kw_only=True):
    """A task with the plugin that declared it, by name and by import package; `place` where a project sets it."""

    task: Task
    plugin: str
    package: str
    place: Place | None = None

    @property
    def owner(self) -> str:
        """Who declares the task, in words."""
        return str(self.place or CONFIGURATION) if self.plugin == CONFIGURATION else f"plugin {self.plugin}"


class Plan(Struct, frozen=True, kw_only=True):
    """What would change, and what can be run.

    `findings` are about the plan, `stage_checks` about the project, by the stage whose plugin found them; `tools` are
    what its machine has to have. `records` are devkit's own committed files (lock and baseline), planned like any
    other but not shown among the project's.
    """

    files: tuple[FilePlan, ...]
    records: tuple[FilePlan, ...]
    tasks: Mapping[str, PlannedTask]
    stages: tuple[str, ...]
    findings: tuple[Finding, ...] = ()
    stage_checks: Mapping[str, tuple[Finding, ...]] = field(default_factory=dict)
    tools: tuple[Tool, ...] = ()

    @property
    def checks(self) -> tuple[Finding, ...]:
        """What plugins have found in the project."""
        return tuple(finding for findings in self.stage_checks.values() for finding in findings)

    @property
    def changes(self) -> tuple[FilePlan, ...]:
        """The files that applying touches, devkit's own records last."""
        return tuple(file for file in (*self.files, *self.records) if file.changes_file)

    @property
    def conflicts(self) -> tuple[FilePlan, ...]:
        """The files that are left alone because both sides changed them."""
        return tuple(file for file in self.files if file.verdict is Verdict.CONFLICT)

    @property
    def digest(self) -> str:
        """A fingerprint of all that applying would do, to tell whether a saved plan still holds."""
        facts = [_facts(file) for file in (*self.changes, *self.conflicts)]
        return _digest(json.dumps(facts).encode())


def saved_digest(text: str, path: str) -> str:
    """Return the digest in a saved plan; nothing else of such a file is ever used."""
    try:
        data: Any = json.loads(text)
        if data["schema"] == SCHEMA and isinstance(data["digest"], str):
            return data["digest"]
    except (ValueError, KeyError, TypeError, RecursionError):
        pass
    message = f"`{path}` does not hold a plan"
    raise DevkitError(BAD_PLAN, message, place=Place(path=path), help=f"make one: devkit plan --out {path}")


def counted(plan: Plan) -> dict[str, int]:
    """Return how many files have each verdict, verdicts that change something first."""
    order = sorted(Verdict, key=lambda verdict: verdict not in _CHANGING)
    counts = {str(verdict): sum(file.verdict is verdict for file in plan.files) for verdict in order}
    return {verdict: count for verdict, count in counts.items() if count}


def _facts(file: FilePlan) -> list[object]:
    wanted = file.dispute.wanted if file.dispute else None
    before = (file.before.state.kind, file.before.state.digest)
    return [file.path, str(file.verdict), *before, _digest(file.content), file.executable, _digest(wanted)]


def _digest(content: bytes | None) -> str:
    return digest(content) if content is not None else ""
