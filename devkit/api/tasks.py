"""Tasks: what can be run in a stage, as data, and how it went."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct, field

from devkit.api.values import Value


class Effect(StrEnum):
    """How far a task reaches: this machine, a registry, or a running environment."""

    LOCAL = "local"
    PUBLISH = "publish"
    DEPLOY = "deploy"


class Moment(StrEnum):
    """When a task runs without being asked for.

    `LOCK`: before the first commit of `devkit init`, which holds its outputs. `SETUP`: once the repository is
    there, to make it ready to work in. Both run again with their stage.
    """

    DEMAND = "demand"
    LOCK = "lock"
    SETUP = "setup"


class RunCommand(Struct, frozen=True, kw_only=True):
    """A program with its arguments; never a shell line.

    `argv[0]` is a name that is looked up on PATH, or a path in the project; `env` adds variables; `cwd` is
    relative to the project. `path` are folders of the project whose programs come before those on PATH.
    """

    argv: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict)
    cwd: str = "."
    path: tuple[str, ...] = ()


class Call(Struct, frozen=True, kw_only=True):
    """A function of the plugin's own distribution, named as `"package.module:function"`.

    It is imported only when it runs, and called with a `TaskContext` and `arguments` as keywords. The programs that
    it starts get the variables of `fallback_env`, except those that the user's own environment has.
    """

    function: str
    arguments: Mapping[str, Value] = field(default_factory=dict)
    fallback_env: Mapping[str, str] = field(default_factory=dict)


TaskAction = RunCommand | Call
Figure = str | int | float


class Task(Struct, frozen=True, kw_only=True):
    """Something to run in a stage.

    `name` is `"stage:task"`. `needs` names tasks that run before it; `"build:image?"` is optional: it is
    ordered, but neither required nor started. `inputs` and `outputs` are patterns and files relative to the
    project; a task with inputs is skipped when nothing it names has changed. `accepts_arguments` passes the
    arguments after `--` on to the command. A task that `is_manual` is not meant by the name of its stage: it is run
    by its own name, or by what needs it.
    """

    name: str
    action: TaskAction
    summary: str = ""
    needs: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()
    effect: Effect = Effect.LOCAL
    moment: Moment = Moment.DEMAND
    accepts_arguments: bool = False
    is_manual: bool = False

    @property
    def stage(self) -> str:
        """The stage that the task belongs to."""
        return self.name.partition(":")[0]


class Outcome(StrEnum):
    """How a task ended."""

    DONE = "done"
    SKIPPED = "skipped"
    FAILED = "failed"
    BLOCKED = "blocked"
    INTERRUPTED = "interrupted"

    @property
    def is_good(self) -> bool:
        """Whether what was to be made is there."""
        return self in {Outcome.DONE, Outcome.SKIPPED}


class TaskOutcome(Struct, frozen=True, kw_only=True):
    """One finished task: how it ended, why, and how long it took (seconds); `code` is that of its error, if any.

    `figures` are what it measured or made, by name, such as `coverage` or `digest`.
    """

    task: str
    outcome: Outcome
    reason: str = ""
    code: str = ""
    seconds: float = 0.0
    figures: Mapping[str, Figure] = field(default_factory=dict)


class RunReport(Struct, frozen=True, kw_only=True):
    """A finished run: its tasks in the order in which they ended, and its duration (seconds)."""

    outcomes: tuple[TaskOutcome, ...]
    seconds: float
