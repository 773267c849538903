"""The tasks of a project that no plugin declares: `[tool.devkit.tasks.NAME]`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_LEADING_OUT = re.compile(r"(?:^|/)\.\.(?:/|$)|^[/\\~]|^[A-Za-z]:|\\")


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskSettings:
    """A task of the project's own, or what it wants otherwise of a plugin's; what is not set stays as it is."""

    run: tuple[str, ...] | None = field(
        default=None, metadata={"help": 'The program and its arguments, such as `["python", "seed.py"]`; no shell.'}
    )
    stage: str = field(default="", metadata={"help": "The stage that the task belongs to; `project` without one."})
    summary: str | None = field(default=None, metadata={"help": "What the task does, in a few words."})
    needs: tuple[str, ...] = field(default=(), metadata={"help": "Tasks that run before it."})
    after: tuple[str, ...] = field(default=(), metadata={"help": "Tasks that it comes after when they run too."})
    inputs: tuple[str, ...] | None = field(
        default=None, metadata={"help": "Patterns of the files that it reads; unchanged, it is skipped."}
    )
    outputs: tuple[str, ...] | None = field(default=None, metadata={"help": "The files that it makes."})
    variables: tuple[str, ...] | None = field(
        default=None, metadata={"help": "Environment variables that it reads; changed, it runs again."}
    )
    tools: tuple[str, ...] | None = field(default=None, metadata={"help": "Programs that it needs on PATH."})
    env: dict[str, str] = field(default_factory=dict, metadata={"help": "Environment variables to add, as they are."})
    cwd: str | None = field(default=None, metadata={"help": "The folder that it runs in, relative to the project."})
    accepts_arguments: bool | None = field(
        default=None, metadata={"help": "Whether arguments after `--` are passed on to it."}
    )
    enabled: bool = field(default=True, metadata={"help": "`false` switches the task off."})

    def __post_init__(self) -> None:
        """Refuse with ValueError what could not be run or leads out of the project."""
        if self.run is not None and not (self.run and self.run[0]):
            message = "`run` must begin with a program"
            raise ValueError(message)
        if any("\0" in text for text in (*(self.run or ()), *self.env.values())):
            message = "neither `run` nor `env` can hold a NUL"
            raise ValueError(message)
        for path in (*(self.inputs or ()), *(self.outputs or ()), self.cwd or "."):
            if not path or _LEADING_OUT.search(path.removeprefix("!")):
                message = f"the path `{path}` must lie in the project and be relative to it"
                raise ValueError(message)
        for name in (*self.env, *(self.variables or ())):
            if not _VARIABLE.fullmatch(name):
                message = f"`{name}` is not the name of an environment variable"
                raise ValueError(message)
