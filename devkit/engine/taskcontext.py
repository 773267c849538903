"""What the call of a task is given, and the command of a plugin: see `devkit.api.TaskContext`."""

from __future__ import annotations

import os
import time
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct, field

from devkit.engine.group import Stopped
from devkit.engine.process import GIT_VARIABLES, KEPT, run_process
from devkit.engine.taskchecks import install_help
from devkit.errors import TOOL_MISSING, DevkitError
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
_LEFT_OUT = GIT_VARIABLES | {"VIRTUAL_ENV", "PYTHONHOME"}


class Surroundings(Struct, frozen=True, kw_only=True):
    """What tasks run in: the project, whom to tell, whether the network may be used, arguments after `--`.

    `is_stopped` says whether what runs is to be left, `tools` are those that are declared, by name.
    `traceparent` gives for a task what tells its programs of the trace that they are part of. `environ` is the
    environment of all programs; without it, that of devkit as it is then. `handles` are open files that they inherit.
    """

    root: Path
    tell: Listener
    is_offline: bool = False
    arguments: Sequence[str] = ()
    is_stopped: IsStopped | None = None
    tools: Mapping[str, Tool] = field(default_factory=dict)
    traceparent: Callable[[str], str] | None = None
    environ: Mapping[str, str] | None = None
    handles: Sequence[int] = ()


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
        self.has_spoken = False
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
        """Remember a figure of this run of the task; what no document can hold, such as NaN, is none."""
        if isinstance(value, str) or isfinite(value):
            self.figures[name] = value

    def run(self, argv: Sequence[str], *, env: Mapping[str, str] | None = None, cwd: str = ".") -> int:
        """Run a program as part of the task; return its exit code."""
        tell = self.surroundings.tell

        def pass_on(stream: str, text: str) -> None:
            self.has_spoken = True
            tell(TaskOutput(self.task, stream, text))

        done = self._run(argv, env, cwd, on_text=pass_on, keep=0)
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
        """Return the environment of a child: the user's, without the marks of devkit's own environment and of git."""
        environ = os.environ if self.surroundings.environ is None else self.surroundings.environ
        own = {name: value for name, value in environ.items() if name not in _LEFT_OUT}
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
                keeps_git_variables=True,
                on_text=on_text,
                keep=keep,
                is_stopped=stopped,
                handles=self.surroundings.handles,
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
