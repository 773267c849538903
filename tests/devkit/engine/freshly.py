"""Asking whether tasks are up to date, as an executor does."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from devkit.api.tasks import RunCommand, Task
from devkit.engine.freshness import ContentFreshness, Subject
from devkit.errors import Place
from devkit.plan.plan import PlannedTask
from devkit.report.events import FindingRaised

if TYPE_CHECKING:
    from pathlib import Path

    from devkit.report.events import Event

NAME = "project:make"


@dataclass
class Asked:
    """A project of one task, each question by a devkit that was just started."""

    root: Path
    task: Task
    findings: list[str] = field(default_factory=list)
    others: tuple[Task, ...] = ()

    def freshness(self, **more: Any) -> ContentFreshness:
        place = Place(path="devkit.toml", line=1)
        planned = {
            task.name: PlannedTask(task=task, plugin="own", package="own", place=place)
            for task in (self.task, *self.others)
        }
        return ContentFreshness(Subject(root=self.root, planned=planned, **more), self._hear)

    def run(self) -> str:
        """Return why the task runs, and let it end well; `""` when it is skipped."""
        freshness = self.freshness()
        verdict = freshness.check(self.task)
        if not verdict.is_fresh:
            freshness.finished(self.task)
        freshness.close()
        return "" if verdict.is_fresh else verdict.reason

    def why(self) -> str:
        """Return why the task would run, and leave everything as it is."""
        return "; ".join(self.freshness().reasons(self.task))

    def _hear(self, event: Event) -> None:
        if isinstance(event, FindingRaised):
            self.findings.append(event.finding.message)


def made(name: str = NAME, **more: Any) -> Task:
    """Return a task that does nothing."""
    return Task(name=name, action=more.pop("action", RunCommand(argv=("true",))), **more)


def write(root: Path, path: str, text: str) -> None:
    """Write a file with its folders."""
    target = root / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(os.fsencode(text))


def git(root: Path, *words: str) -> None:
    """Run git, quietly."""
    subprocess.run(["git", *words], cwd=root, check=True, capture_output=True)
