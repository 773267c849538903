"""Whether tasks are up to date, by the content of what they read and made, and why not."""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING

from msgspec import Struct, field, to_builtins
from msgspec.structs import replace

from devkit.api.findings import Finding, Severity
from devkit.api.tasks import Call, RunCommand
from devkit.engine.digests import Digests
from devkit.engine.gitlisting import GitListing
from devkit.engine.inventory import Inventory
from devkit.engine.packagecode import package_digest
from devkit.engine.skipping import Verdict
from devkit.engine.taskrecords import Record, TaskRecords
from devkit.engine.toolmarks import tool_mark
from devkit.errors import NO_INPUT
from devkit.plan.freshness import NEVER, UNFINISHED, Grounds, ToolMark, differences, in_short
from devkit.plan.patterns import Patterns
from devkit.project.surroundings import program_folders, variable_mark
from devkit.report.events import FindingRaised

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from devkit.api.tasks import Task
    from devkit.plan.plan import PlannedTask
    from devkit.report.events import Listener

FRESH = "nothing changed"
_WHILE_IT_RAN = "!"
"""What is kept as the content of a file that changed while the task ran: equal to nothing that is ever there."""


class Subject(Struct, frozen=True, kw_only=True):
    """What the question is about: a project, all its planned tasks, and the versions of their plugins by name.

    With `arguments`, a task that accepts them does a part of its work, which says nothing of the whole. `always` are
    tasks that run in any case, for the reason given with them.
    """

    root: Path
    planned: Mapping[str, PlannedTask]
    versions: Mapping[str, str] = field(default_factory=dict)
    arguments: Sequence[str] = ()
    always: Mapping[str, str] = field(default_factory=dict)


class ContentFreshness:
    """Knows whether tasks are up to date: see `devkit.engine.skipping.Freshness`. It may be asked by many threads."""

    def __init__(self, subject: Subject, tell: Listener, *, may_run: bool = True) -> None:
        self._subject = subject
        self._tell = tell
        self._may_run = may_run
        self._records = TaskRecords(subject.root)
        self._digests: Digests | None = None
        self._inventory: Inventory | None = None
        self._begun: dict[str, Record] = {}
        self._watched: set[str] = set()
        self.has_findings = False
        """Whether something about the tasks was worth a warning."""
        self._turn = threading.Lock()

    def check(self, task: Task) -> Verdict:
        """Say whether a task may be skipped, and what changed where it may not."""
        if not task.inputs:
            return self._left_to_run("")
        with self._turn:
            reasons = self.reasons(task)
            if self._is_partial(task):
                return self._left_to_run("arguments were given")
            if not reasons and task.name not in self._subject.always:
                return Verdict(is_fresh=True, reason=FRESH)
            self._records.begin(task.name)
        return self._left_to_run(in_short(reasons) or self._subject.always[task.name])

    def reasons(self, task: Task) -> list[str]:
        """Return why a task with inputs has to run, in sentences; none when it is up to date."""
        former = self._records.read(task.name)
        record = self._record(task, former)
        self._begun[task.name] = record
        self._find_unmatched(task, record.grounds.inputs)
        if former is None:
            return [NEVER]
        found = differences(former.grounds, record.grounds)
        if not found and self._records.has_begun(task.name):
            return [UNFINISHED]
        if not found and former.grounds.tools != record.grounds.tools and self._may_run:
            self._records.write(task.name, record)
        return found

    def finished(self, task: Task) -> None:
        """Remember what a task has read and made."""
        with self._turn:
            self._forget_files()
            begun = self._begun.pop(task.name, None)
            if begun is None or self._is_partial(task):
                return
            outputs = self._outputs(task)
            before, now = begun.grounds.inputs, self._inputs(task, outputs)
            inputs = before if now == before else _settled(before, now)
            grounds = replace(begun.grounds, inputs=inputs, outputs=outputs)
            self._records.write(task.name, replace(begun, grounds=grounds))

    def close(self) -> None:
        """Keep what was read of files for the next time."""
        if self._digests is not None and self._digests.reads:
            self._records.write_digests(self._digests.known)

    @property
    def watched(self) -> frozenset[str]:
        """The paths that were looked at so far, relative to the project, beside what git vouches for."""
        self._forget_files()
        return frozenset(self._watched)

    def recheck(self, tasks: Sequence[Task]) -> GitListing | None:
        """Return what git knows now (nothing, without git) if all these tasks are still up to date, else `None`."""
        self._forget_files()
        if any(self.reasons(task) for task in tasks):
            return None
        return self._files.listing or GitListing()

    def record_of(self, task: Task) -> Record:
        """Return what a task rests on that was looked at."""
        return self._begun[task.name]

    def counts(self, task: Task) -> tuple[int, int]:
        """Return how many inputs and outputs a task has that was looked at."""
        grounds = self.record_of(task).grounds
        return len(grounds.inputs), len(grounds.outputs)

    def _left_to_run(self, reason: str) -> Verdict:
        """Answer that a task runs: what was seen of the files so far may not hold from now on."""
        self._forget_files()
        return Verdict(is_fresh=False, reason=reason)

    def _forget_files(self) -> None:
        if self._inventory is not None:
            self._watched |= self._inventory.watched
        self._inventory = None

    def _is_partial(self, task: Task) -> bool:
        return bool(self._subject.arguments) and task.accepts_arguments

    @property
    def _files(self) -> Inventory:
        if self._digests is None:
            self._digests = Digests(self._subject.root, self._records.read_digests())
        if self._inventory is None:
            self._inventory = Inventory(self._subject.root, self._digests)
        return self._inventory

    def _record(self, task: Task, former: Record | None) -> Record:
        """Return what a task rests on now, with what it has made so far."""
        salt = former.salt if former is not None else os.urandom(16).hex()
        planned = self._subject.planned[task.name]
        outputs = self._outputs(task)
        grounds = Grounds(
            definition=_definition(task, salt),
            version=self._subject.versions.get(planned.plugin, ""),
            code=package_digest(planned.package) if isinstance(task.action, Call) else "",
            variables={name: variable_mark(name, salt) for name in task.variables},
            tools=self._tools(task, former.grounds.tools if former is not None else {}),
            needs=self._needs(task),
            inputs=self._inputs(task, outputs),
            outputs=outputs,
        )
        return Record(salt=salt, grounds=grounds)

    def _tools(self, task: Task, former: Mapping[str, ToolMark]) -> dict[str, ToolMark]:
        first = task.action.path if isinstance(task.action, RunCommand) else ()
        folders = program_folders(str(self._subject.root), first)
        root = self._subject.root
        return {name: tool_mark(name, folders, root, former.get(name), may_run=self._may_run) for name in task.tools}

    def _needs(self, task: Task) -> dict[str, str]:
        """Return a digest of what each needed task has made, as far as that is known by files."""
        needed = (self._subject.planned.get(need.removesuffix("?")) for need in task.needs)
        return {each.task.name: _digest(self._outputs(each.task)) for each in needed if each and each.task.outputs}

    def _inputs(self, task: Task, outputs: Collection[str]) -> dict[str, str]:
        """Return what a task reads; what it makes itself is not among it."""
        found = self._files.inputs(task.inputs)
        return {path: content for path, content in found.items() if path not in outputs} if outputs else found

    def _outputs(self, task: Task) -> dict[str, str]:
        return self._files.outputs(task.outputs) if task.outputs else {}

    def _find_unmatched(self, task: Task, inputs: Collection[str]) -> None:
        """Warn of patterns that fit no file: each that a project wrote, and all of a plugin's together."""
        unmatched = Patterns(task.inputs).unmatched(inputs)
        place = self._subject.planned[task.name].place
        if not unmatched or (place is None and inputs):
            return
        names = ", ".join(f"`{pattern}`" for pattern in unmatched)
        message = f"no file fits {names}, which `{task.name}` reads"
        help_text = "mend `inputs` of the task: it is not run again for files that it does not name"
        found = Finding(code=NO_INPUT.code, severity=Severity.WARNING, message=message, place=place, help=help_text)
        self.has_findings = True
        self._tell(FindingRaised(found))


def _settled(before: Mapping[str, str], now: Mapping[str, str]) -> dict[str, str]:
    """Return the inputs that a task has read; those that changed meanwhile count as changed the next time too."""
    names = sorted({*before, *now})
    return {name: before[name] if before.get(name) == now.get(name) else _WHILE_IT_RAN for name in names}


def _definition(task: Task, salt: str) -> str:
    """Return a digest of what a task does; its environment may hold what should stay secret."""
    action = {"kind": type(task.action).__name__, **to_builtins(task.action, enc_hook=_plain)}
    return hashlib.sha256(f"{salt}{json.dumps(action, sort_keys=True)}".encode()).hexdigest()


def _plain(value: object) -> object:
    return dict(value) if isinstance(value, Mapping) else str(value)


def _digest(files: Mapping[str, str]) -> str:
    text = "\0".join(f"{content}\t{path}" for path, content in sorted(files.items()))
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()
