"""What the command of a plugin is given: the project, what the plugin's hooks know of it, and the ways to act."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn, Protocol

from msgspec import Struct

from devkit.api.context import TaskContext
from devkit.api.tasks import Effect, RunReport
from devkit.errors import DevkitError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from devkit.api.context import Context
    from devkit.api.findings import Finding
    from devkit.api.programs import Programs


class Ran(Struct, frozen=True, kw_only=True):
    """Tasks that a command has run: how they went, and the failure that stopped them, if any."""

    report: RunReport
    error: DevkitError | None = None


class CommandContext(TaskContext, Protocol):
    """What a command gets: all that a task gets, the plugin's own context, tasks to run, and what was asked for."""

    @property
    def context(self) -> Context:
        """What the hooks of the plugin see: facts, settings, published values. STAGE_UNUSED without its stage."""
        ...

    @property
    def tasks(self) -> Sequence[str]:
        """The names of all tasks that the project's stages offer."""
        ...

    @property
    def folder(self) -> Path:
        """The folder that the command was called in: the project's own, or one below it."""
        ...

    @property
    def environ(self) -> Mapping[str, str]:
        """The environment of the process."""
        ...

    @property
    def is_interactive(self) -> bool:
        """Whether somebody can be asked."""
        ...

    @property
    def assume_yes(self) -> bool:
        """Whether defaults are taken and questions confirmed, as `--yes` says."""
        ...

    @property
    def is_json(self) -> bool:
        """Whether one JSON document is printed in the end, so that nothing else may go to stdout."""
        ...

    @property
    def verbosity(self) -> int:
        """How much to print: -1 for failures only, 0, or the number of `-v`."""
        ...

    def run_tasks(
        self,
        names: Sequence[str],
        arguments: Sequence[str] = (),
        effects: Sequence[Effect] = (Effect.LOCAL,),
        *,
        base: str | None = None,
        answer: Callable[[], Sequence[str]] | None = None,
    ) -> Ran:
        """Run stages or tasks with what they need; a task whose effect is not among `effects` is refused.

        With a `base`, only those that read what changed since this commit; an empty one is the usual one. `answer`
        tells the lines that the command prints when nothing is to do and no option was given: as long as all that
        the tasks rest on holds, the bare command prints them without a plugin being asked.
        """
        ...

    def watch(self, names: Sequence[str], option: str = "--watch") -> NoReturn:
        """Run this command, without the option that asked for it, again whenever files change that the tasks read.

        Ctrl-C ends it and leaves nothing running.
        """
        ...

    def attach(self, argv: Sequence[str], *, env: Mapping[str, str] | None = None) -> int:
        """Run a program that has the terminal to itself, with further variables; return its exit code."""
        ...

    def supervise(self) -> AbstractContextManager[Programs]:
        """Begin a block in which programs run side by side, their output shown behind their names."""
        ...

    def confirm(self, question: str) -> bool:
        """Ask a yes-or-no question; `--yes` confirms. PROMPT_NEEDED where nobody can be asked."""
        ...

    def find(self, finding: Finding) -> None:
        """Tell of something that is worth a warning; it is part of the JSON document."""
        ...
