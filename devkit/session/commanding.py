"""What the command of a plugin works with: see `devkit.api.CommandContext`."""

from __future__ import annotations

import os
from functools import cached_property
from typing import TYPE_CHECKING, NoReturn

from devkit.api.commands import Ran
from devkit.api.tasks import Effect
from devkit.engine.taskcontext import ProjectTaskContext, Surroundings
from devkit.errors import NOTHING_CHANGED, PROMPT_NEEDED, TOOL_MISSING, DevkitError
from devkit.report.events import FindingRaised, Noted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from devkit.api.context import Context
    from devkit.api.findings import Finding
    from devkit.api.programs import Programs
    from devkit.plan.plan import Plan
    from devkit.session.planning import Lifecycle
    from devkit.session.session import Session


class ProjectCommandContext(ProjectTaskContext):
    """The project of a session, for a command of the named plugin; every part is made when it is first asked for."""

    def __init__(self, session: Session, plugin: str) -> None:
        surroundings = Surroundings(root=session.root, tell=session.tell, is_offline=session.options.is_offline)
        super().__init__(task=plugin, surroundings=surroundings)
        self._session = session
        self._state = NOTHING_CHANGED

    @cached_property
    def context(self) -> Context:
        """What the hooks of the plugin see."""
        from devkit.session.planning import plugin_context

        return plugin_context(self._lifecycle, self.task)

    @property
    def tasks(self) -> Sequence[str]:
        """The names of all tasks."""
        return tuple(self._plan.tasks)

    @cached_property
    def _plan(self) -> Plan:
        from devkit.session.planning import plan_tasks

        return plan_tasks(self._lifecycle)

    @cached_property
    def _lifecycle(self) -> Lifecycle:
        from devkit.session.grounds import task_ground
        from devkit.session.planning import lifecycle_of

        return lifecycle_of(task_ground(self._session))

    @property
    def folder(self) -> Path:
        """The folder that the command was called in."""
        return self._session.folder

    @property
    def environ(self) -> Mapping[str, str]:
        """The environment of the process."""
        return os.environ

    @property
    def is_interactive(self) -> bool:
        """Whether somebody can be asked."""
        return self._session.options.is_interactive

    @property
    def assume_yes(self) -> bool:
        """Whether questions are confirmed."""
        return self._session.options.assume_yes

    @property
    def is_json(self) -> bool:
        """Whether one JSON document is printed in the end."""
        return self._session.options.is_json

    @property
    def verbosity(self) -> int:
        """How much to print."""
        return self._session.options.verbosity

    def say(self, line: str) -> None:
        """Tell the user something while the command works."""
        self._session.tell(Noted(line))

    def run_tasks(
        self,
        names: Sequence[str],
        arguments: Sequence[str] = (),
        effects: Sequence[Effect] = (Effect.LOCAL,),
        *,
        base: str | None = None,
        answer: Callable[[], Sequence[str]] | None = None,
    ) -> Ran:
        """Run stages or tasks with what they need, or those that changes since a base touch."""
        from devkit.api.clicking import command_words
        from devkit.session.running import Wish, run

        _ = self.context  # raises where the project does not use the stage
        words = command_words() if answer is not None else []
        is_bare = len(words) == 1
        wish = Wish(base=base, words=words if is_bare else (), answer=answer or tuple)
        planned = self._plan, self._lifecycle.disk
        del self._plan, self._lifecycle  # what runs may change them
        done = run(self._session, names, arguments, effects=effects, command=self.task, wish=wish, planned=planned)
        self._state = "what was asked for before the question has run"
        seconds = sum(outcome.seconds for outcome in done.outcomes)
        return Ran(report=done.report(seconds), error=done.failure)

    def watch(self, names: Sequence[str], option: str = "--watch") -> NoReturn:
        """Run the command again whenever files change that the tasks read."""
        from devkit.api.clicking import words_without
        from devkit.session.running import watch

        watch(self._session, names, words_without(option))

    def attach(self, argv: Sequence[str], *, env: Mapping[str, str] | None = None) -> int:
        """Run a program that has the terminal to itself."""
        from devkit.engine.attached import run_attached
        from devkit.engine.process import GIT_VARIABLES

        own = {name: value for name, value in self.environ.items() if name not in GIT_VARIABLES}
        return run_attached(argv, cwd=self._session.folder, env={**own, **(env or {})})

    def supervise(self) -> AbstractContextManager[Programs]:
        """Begin a block in which programs run side by side."""
        if os.name == "nt":
            message = "programs cannot run side by side on native Windows"
            raise DevkitError(TOOL_MISSING, message, help="run devkit in WSL2")
        from devkit.engine.supervisor import Supervisor

        return Supervisor(self.root, self._session.tell, self._environment(None))

    def confirm(self, question: str) -> bool:
        """Ask a yes-or-no question."""
        if self.assume_yes:
            return True
        if not self.is_interactive:
            raise DevkitError(PROMPT_NEEDED, f"this asks: {question}", help="--yes confirms it", state=self._state)
        import click

        return click.confirm(question, err=True)

    def find(self, finding: Finding) -> None:
        """Tell of something that is worth a warning."""
        self._session.tell(FindingRaised(finding))
