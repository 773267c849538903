"""Running one task: a command as a child process, a call in this one."""

from __future__ import annotations

import errno
import os
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from devkit.api.tasks import Call, Outcome, RunCommand, RunReport, Task, TaskOutcome
from devkit.engine.group import Stopped
from devkit.engine.process import KEPT, run_process
from devkit.engine.taskchecks import install_help, require_outputs, require_tools
from devkit.errors import (
    IO_FAILED,
    NO_PERMISSION,
    PLUGIN_FAILED,
    PLUGIN_INVALID,
    TASK_FAILED,
    TOOL_MISSING,
    DevkitError,
    Place,
)
from devkit.report.events import Noted, TaskOutput

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from devkit.api.evidence import Evidence
    from devkit.api.tasks import Figure
    from devkit.api.tools import Tool
    from devkit.engine.process import Completed
    from devkit.engine.pump import IsStopped, OnText
    from devkit.report.events import Listener

_TICK = 0.1
_NOT_ITS_FAULT = {errno.EACCES, errno.EPERM, errno.ENOSPC, errno.EDQUOT, errno.EROFS}
"""What a task's own code can meet without a mistake in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Runnable:
    """A task, and the import package of the plugin that declared it: a call may not name another's code."""

    task: Task
    plugin: str
    package: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What tasks run in: the project, whom to tell, whether the network may be used, arguments after `--`.

    `is_stopped` says whether what runs is to be left, `tools` are those that are declared, by name.
    `traceparent` gives for a task what tells its programs of the trace that they are part of. `environ` is the
    environment of all programs; without it, that of devkit as it is then.
    """

    root: Path
    tell: Listener
    is_offline: bool = False
    arguments: Sequence[str] = ()
    is_stopped: IsStopped | None = None
    tools: Mapping[str, Tool] = field(default_factory=dict)
    traceparent: Callable[[str], str] | None = None
    environ: Mapping[str, str] | None = None


@dataclass(slots=True)
class Run:
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


@dataclass(frozen=True, slots=True)
class Performed:
    """How a task went, its failure if any, and what its result rests on where it says so."""

    outcome: TaskOutcome
    failure: DevkitError | None = None
    evidence: Evidence | None = None


class ProjectTaskContext:
    """What a call is given: see `devkit.api.TaskContext`."""

    def __init__(
        self,
        *,
        task: str,
        surroundings: Surroundings,
        arguments: Sequence[str] = (),
        fallback_env: Mapping[str, str] | None = None,
    ) -> None:
        self.task = task
        self.surroundings = surroundings
        self.arguments = arguments
        self.fallback_env = fallback_env or {}
        self.figures: dict[str, Figure] = {}
        self.nothing_to_do = ""
        self.evidence: Evidence | None = None

    @property
    def root(self) -> Path:
        """The project's folder."""
        return self.surroundings.root

    @property
    def offline(self) -> bool:
        """Whether the network may not be used."""
        return self.surroundings.is_offline

    def record(self, name: str, value: Figure) -> None:
        """Remember a figure of this run of the task."""
        self.figures[name] = value

    def run(self, argv: Sequence[str], *, env: Mapping[str, str] | None = None, cwd: str = ".") -> int:
        """Run a program as part of the task; return its exit code."""
        tell = self.surroundings.tell
        done = self._run(
            argv, env, cwd, on_text=lambda stream, text: tell(TaskOutput(self.task, stream, text)), keep=0
        )
        if done.left_others:
            tell(Noted(f"`{self.task}`: what `{argv[0]}` left running was stopped"))
        return done.code

    def capture(
        self, argv: Sequence[str], *, env: Mapping[str, str] | None = None, cwd: str = "."
    ) -> tuple[int, str, str]:
        """Run a program; return its exit code, stdout and stderr."""
        done = self._run(argv, env, cwd)
        return done.code, done.stdout, done.stderr

    def follow(
        self,
        argv: Sequence[str],
        hear: Callable[[str, str], None],
        *,
        env: Mapping[str, str] | None = None,
        cwd: str = ".",
    ) -> int:
        """Run a program whose lines `hear` takes as they come; return its exit code."""

        def hear_lines(stream: str, text: str) -> None:
            for line in text.split("\n"):
                hear(stream, line)

        return self._run(argv, env, cwd, on_text=hear_lines, keep=0).code

    def pause(self, seconds: float) -> None:
        """Wait; a run that is stopped does not wait any longer."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if self.surroundings.is_stopped is not None and self.surroundings.is_stopped():
                raise Stopped
            time.sleep(min(left, _TICK))

    def _environment(self, extra: Mapping[str, str] | None) -> dict[str, str]:
        """Return the environment of a child: the user's, without the marks of devkit's own virtual environment."""
        environ = os.environ if self.surroundings.environ is None else self.surroundings.environ
        own = {name: value for name, value in environ.items() if name not in {"VIRTUAL_ENV", "PYTHONHOME"}}
        if self.surroundings.traceparent is not None:
            own["TRACEPARENT"] = self.surroundings.traceparent(self.task)
        return {**self.fallback_env, **own, **(extra or {})}

    def which(self, tool: str) -> str | None:
        """Return the path of a program on PATH, or `None`; folders inside the project do not count."""
        return which(tool, self.root)

    def say(self, line: str) -> None:
        """Add a line to the task's output."""
        self.surroundings.tell(TaskOutput(self.task, "stdout", line))

    def up_to_date(self, reason: str) -> None:
        """Say that there was nothing to do, and why."""
        self.nothing_to_do = reason

    def rest_on(self, evidence: Evidence) -> None:
        """Say by what it can be told that there is nothing to do."""
        self.evidence = evidence

    def _run(
        self,
        argv: Sequence[str],
        env: Mapping[str, str] | None,
        cwd: str,
        *,
        on_text: OnText | None = None,
        keep: int = KEPT,
    ) -> Completed:
        stopped = self.surroundings.is_stopped
        try:
            return run_process(
                argv,
                cwd=self.root / cwd,
                env=self._environment(env),
                on_text=on_text,
                keep=keep,
                is_stopped=stopped,
            )
        except DevkitError as error:
            if error.kind is TOOL_MISSING:
                error.help = install_help(argv[0], self.surroundings.tools)
            raise


def which(tool: str, root: Path) -> str | None:
    """Return the path of a program on PATH; relative entries and folders inside `root` do not count."""
    import shutil

    folders = os.environ.get("PATH", os.defpath).split(os.pathsep)
    outside = [folder for folder in folders if os.path.isabs(folder) and not Path(folder).is_relative_to(root)]
    return shutil.which(tool, path=os.pathsep.join(outside))


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
    local = context.root / command.cwd / program
    env = _command_environment(command, context.root)
    code = context.run([str(local) if "/" in program else program, *words], env=env, cwd=command.cwd)
    if code != 0:
        raise DevkitError(TASK_FAILED, f"`{task.name}` ended with exit code {code}", help="its output is above")


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
    return os.pathsep.join([*(str(root / folder) for folder in command.path), rest])


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
