"""What the task does: writes a report on the licences of a project's dependencies."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from devkit.api import TaskContext


def check(context: TaskContext, *, report: str, python: str, stages: Sequence[str]) -> None:
    """Write the report: which interpreter was asked, and the stages of the project."""
    context.say(f"licences are written to {report}")
    document = {"python": python, "stages": list(stages), "licences": []}
    (context.root / report).write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
