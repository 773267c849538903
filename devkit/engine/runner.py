"""Running one task: a command as a child process, a call in this one."""

from __future__ import annotations

import errno
import os
import time
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from devkit.api.tasks import Call, Outcome, RunCommand, RunReport, Task, TaskOutcome
from devkit.engine.group import Stopped
from devkit.engine.process import signal_words
from devkit.engine.taskchecks import require_outputs, require_tools
from devkit.engine.taskcontext import ProjectTaskContext
from devkit.errors import (
    IO_FAILED,
    NO_PERMISSION,
    PLUGIN_FAILED,
    PLUGIN_INVALID,
    TASK_FAILED,
    DevkitError,
    Place,
)

if TYPE_CHECKING:
    from pathlib import Path

    from devkit.api.evidence import Evidence
    from devkit.engine.taskcontext import Surroundings

_NOT_ITS_FAULT = {errno.EACCES, errno.EPERM, errno.ENOSPC, errno.EDQUOT, errno.EROFS}
"""What a task's own code can meet without a mistake in it."""


class Runnable(Struct, frozen=True, kw_only=True):
    """A task, and the import package of the plugin that declared it: a call may not name another's code."""

    task: Task
    plugin: str
    package: str


class Run(Struct):
    """A run as it went: outcomes so far, and the failures in the order in which they came.

    `evidence` is by task what the results of calls rest on that said so.
    """

    outcomes: list[TaskOutcome] = field(default_factory=list)
    failures: list[DevkitError] = field(default_factory=list)
    evidence: dict[str, Evidence] = field(default_factory=dict)

    @property
    def failure(self) -> DevkitError | None:
        """The first failure, which decides about the exit code."""
        return self.failures[0] if self.failures else None

    def report(self, seconds: float) -> RunReport:
        """Return the finished run."""
        return RunReport(outcomes=tuple(self.outcomes), seconds=seconds)


class Performed(Struct, frozen=True):
    """How a task went, its failure if any, and what its result rests on where it says so."""

    outcome: TaskOutcome
    failure: DevkitError | None = None
    evidence: Evidence | None = None


def perform(runnable: Runnable, surroundings: Surroundings, reason: str) -> Performed:
    """Run one task, for a `reason` that its outcome keeps; return how it went."""
    started = time.monotonic()
    task = runnable.task
    arguments = tuple(surroundings.arguments) if task.accepts_arguments else ()
    context = ProjectTaskContext(
        task=task.name,
        surroundings=surroundings,
        arguments=arguments,
        fallback_env=task.action.fallback_env if isinstance(task.action, Call) else None,
    )
    outcome, code, failure = Outcome.DONE, "", None
    try:
        if task.tools:
            require_tools(task, _search_path(task, surroundings.root), surroundings.tools)
        _act(runnable, context)
        require_outputs(task, surroundings.root)
        if context.nothing_to_do:
            outcome, reason = Outcome.SKIPPED, context.nothing_to_do
    except DevkitError as error:
        outcome, reason, code, failure = Outcome.FAILED, error.message, error.kind.code, error
    except Stopped:
        outcome, reason = Outcome.INTERRUPTED, ""
    seconds = time.monotonic() - started
    figures = context.figures
    done = TaskOutcome(task=task.name, outcome=outcome, reason=reason, code=code, seconds=seconds, figures=figures)
    return Performed(done, failure, context.evidence)


def _act(runnable: Runnable, context: ProjectTaskContext) -> None:
    match runnable.task.action:
        case RunCommand() as command:
            _command(command, runnable.task, context)
        case Call() as call:
            _call(call, runnable, context)


def _command(command: RunCommand, task: Task, context: ProjectTaskContext) -> None:
    program, *words = (*command.argv, *context.arguments)
    local = os.path.join(context.root, command.cwd, program)
    env = _command_environment(command, context.root)
    code = context.run([local if "/" in program else program, *words], env=env, cwd=command.cwd)
    if code != 0:
        message = f"`{task.name}` ended with exit code {code}{signal_words(code)}"
        raise DevkitError(
            TASK_FAILED, message, help="its output is above" if context.has_spoken else "it said nothing"
        )


def _command_environment(command: RunCommand, root: Path) -> dict[str, str]:
    """Return the variables that a command adds; the folders of its `path` come first on PATH."""
    return {**command.env, "PATH": _path(command, root)} if command.path else dict(command.env)


def _search_path(task: Task, root: Path) -> str:
    """Return where the programs of a task are looked up."""
    if isinstance(task.action, RunCommand):
        return _path(task.action, root)
    return os.environ.get("PATH", os.defpath)


def _path(command: RunCommand, root: Path) -> str:
    rest = command.env.get("PATH", os.environ.get("PATH", os.defpath))
    return os.pathsep.join([*(os.path.join(root, folder) for folder in command.path), rest])


def _call(call: Call, runnable: Runnable, context: ProjectTaskContext) -> None:
    function = _resolve(call, runnable)
    try:
        function(context, **call.arguments)
    except DevkitError:
        raise
    except (Exception, SystemExit) as problem:
        if isinstance(problem, OSError) and problem.errno in _NOT_ITS_FAULT and problem.filename:
            raise _unwritable(problem, runnable.task.name) from problem
        message = (
            f"plugin {runnable.plugin} failed in task `{runnable.task.name}`: {type(problem).__name__}: {problem}"
        )
        raise DevkitError(PLUGIN_FAILED, message, help="report it to the plugin's authors") from problem


def _unwritable(problem: OSError, task: str) -> DevkitError:
    """Return the failure of a task that the disk or the permissions stopped, not a mistake in its code."""
    kind = NO_PERMISSION if isinstance(problem, PermissionError) else IO_FAILED
    path = str(problem.filename)
    message = f"`{task}` cannot use `{path}`: {problem.strerror}"
    return DevkitError(kind, message, place=Place(path=path), help="make room, or make it writable for you")


def _resolve(call: Call, runnable: Runnable) -> Any:
    """Import the function that a call names; it must be the declaring plugin's own."""
    import importlib

    module, _, name = call.function.partition(":")
    if module.partition(".")[0] != runnable.package:
        message = f"plugin {runnable.plugin} names `{call.function}`, which is not its own code"
        raise DevkitError(PLUGIN_INVALID, message, help=f"name a function of `{runnable.package}`")
    try:
        return getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError) as problem:
        message = f"plugin {runnable.plugin} names `{call.function}`, which cannot be loaded: {problem}"
        raise DevkitError(PLUGIN_INVALID, message, help="report it to the plugin's authors") from problem
