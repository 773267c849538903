"""The plugins of one invocation, with one typed method for each hook."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from devkit.api.findings import Finding
from devkit.errors import PLUGIN_FAILED, QUARANTINED, DevkitError
from devkit.host.enrolment import Enrolment
from devkit.host.exports import Exports
from devkit.host.order import ordered_plugins, ordered_stages, unknown_neighbours
from devkit.host.plugin import Owned, Plugin, Quarantined

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from pathlib import Path

    from devkit.api.actions import FileAction
    from devkit.api.context import Context, Tree
    from devkit.api.keys import Fact
    from devkit.api.stages import Command, Default, Settings, Stage, Template
    from devkit.api.tasks import RunReport, Task, TaskOutcome
    from devkit.api.tools import Tool
    from devkit.host.entries import Installed
    from devkit.host.selection import Selection
    from devkit.host.trust import Code

__all__ = ["Exports", "Host", "Owned", "Plugin", "Quarantined"]


class Host:
    """Asks every plugin in a stable order: that of its first stage, then its name."""

    def __init__(self, enrolment: Enrolment) -> None:
        self._registry = enrolment.registry
        self._members = {member.plugin.name: member for member in enrolment.members}
        self.quarantined: tuple[Quarantined, ...] = tuple(enrolment.quarantined)
        self._known_stages = frozenset(owned.value.name for owned in self._declared)

    @classmethod
    def load(cls, selection: Selection, *, local: Sequence[Path] = (), untrusted: Sequence[Code] = ()) -> Host:
        """Return the host of the chosen installed plugins and of `local`, trusted plugin folders of the project.

        A plugin that cannot be used is quarantined, as is the code in `untrusted` folders, none of which runs.
        UNKNOWN_NAME when the selection names a plugin that is not here.
        """
        from devkit.host.index import chosen_plugins

        names = [folder.name for folder in (*local, *(code.folder for code in untrusted))]
        installed = chosen_plugins(selection, local=names)
        enrolment = Enrolment()
        enrolment.add_installed(installed)
        enrolment.add_folders([folder for folder in local if selection.takes_name(folder.name)])
        enrolment.set_aside([code for code in untrusted if selection.takes_name(code.folder.name)])
        return cls(enrolment)

    @classmethod
    def of(cls, installed: Iterable[Installed], *, local: Sequence[Path] = ()) -> Host:
        """Return the host of exactly these plugins."""
        enrolment = Enrolment()
        enrolment.add_installed(tuple(installed))
        enrolment.add_folders(local)
        return cls(enrolment)

    @cached_property
    def plugins(self) -> tuple[Plugin, ...]:
        """The plugins that take part, in the order in which they are asked."""
        try:
            stages = self.stages
        except DevkitError:  # told to whoever asks for the stages; without them, the name alone orders
            stages = ()
        return ordered_plugins((member.plugin for member in self._members.values()), stages)

    @property
    def distributions(self) -> Mapping[str, str]:
        """The versions of the distributions that the plugins come from, by name."""
        return {plugin.distribution: plugin.version for plugin in self.plugins}

    @cached_property
    def stages(self) -> tuple[Owned[Stage], ...]:
        """The stages in their order; PLUGIN_INVALID or STAGE_CYCLE when there is none."""
        return ordered_stages(self._declared)

    @cached_property
    def warnings(self) -> tuple[Finding, ...]:
        """What a user should know about the plugins: those left out, and neighbours that do not exist."""
        left_out = (
            Finding(
                code=QUARANTINED.code,
                message=f"plugin {each.name} of `{each.distribution}` was left out: {each.reason}",
                help=each.help,
            )
            for each in self.quarantined
        )
        return (*left_out, *unknown_neighbours(self._declared, self._known_stages))

    def settings(self) -> tuple[Owned[Settings], ...]:
        """Return the configuration tables that plugins read."""
        return self._registered("settings")

    def commands(self) -> tuple[Owned[Command], ...]:
        """Return the commands that plugins add."""
        return self._registered("commands")

    def templates(self) -> tuple[Owned[Template], ...]:
        """Return the project templates that plugins offer."""
        return self._registered("templates")

    def facts(self, tree: Tree) -> tuple[Owned[Fact], ...]:
        """Return what plugins detect in a tree."""
        return self._ask_all("devkit_facts", lambda _: {"tree": tree})

    def defaults(self, facts: Mapping[str, Fact]) -> tuple[Owned[Default], ...]:
        """Return the defaults of settings that follow from facts."""
        return self._ask_all("devkit_defaults", lambda _: {"facts": facts})

    def publish(self, context_of: Callable[[Plugin, Exports], Context]) -> Exports:
        """Return what plugins share; each sees in its context what those before it published."""
        exports = Exports()
        for plugin in self.plugins:
            answer = self._ask(plugin, "devkit_publish", _contextual(context_of, exports))
            exports = exports.with_published(answer)
        return exports

    def files(self, context_of: Callable[[Plugin], Context]) -> tuple[Owned[FileAction], ...]:
        """Return what files should be there."""
        return self._ask_all("devkit_files", lambda plugin: {"context": context_of(plugin)})

    def tasks(self, context_of: Callable[[Plugin], Context]) -> tuple[Owned[Task], ...]:
        """Return what can be run."""
        return self._ask_all("devkit_tasks", lambda plugin: {"context": context_of(plugin)})

    def tools(self, context_of: Callable[[Plugin], Context]) -> tuple[Owned[Tool], ...]:
        """Return the programs that the project needs."""
        return self._ask_all("devkit_tools", lambda plugin: {"context": context_of(plugin)})

    def checks(self, context_of: Callable[[Plugin], Context]) -> tuple[Owned[Finding], ...]:
        """Return the findings of the plugins' checks."""
        return self._ask_all("devkit_checks", lambda plugin: {"context": context_of(plugin)})

    def review(self, files: Mapping[str, str], context_of: Callable[[Plugin], Context]) -> tuple[Owned[Finding], ...]:
        """Return the plugins' objections to a plan."""
        return self._ask_all("devkit_review", lambda plugin: {"files": files, "context": context_of(plugin)})

    def task_finished(self, outcome: TaskOutcome) -> tuple[Finding, ...]:
        """Tell plugins of a task that ended; return their failures as warnings."""
        return self._tell_all("devkit_task_finished", {"outcome": outcome})

    def run_finished(self, report: RunReport) -> tuple[Finding, ...]:
        """Tell plugins of a run that ended; return their failures as warnings."""
        return self._tell_all("devkit_run_finished", {"report": report})

    @property
    def has_observers(self) -> bool:
        """Whether a plugin wants to hear of tasks and runs that ended."""
        hooks = ("devkit_task_finished", "devkit_run_finished")
        return any(self._registry.answers(plugin, hook) for plugin in self.plugins for hook in hooks)

    def error_hints(self, error: DevkitError) -> tuple[str, ...]:
        """Return the plugins' help for an error; one that fails itself has none to give."""
        hints: list[str] = []
        for plugin in self.plugins:
            try:
                hints += self._registry.ask(plugin, "devkit_error_hints", lambda: {"error": error})
            except DevkitError:
                continue  # the user is being told of another failure, which must not be lost over this one
        return tuple(hints)

    def narrowed(self, stages: Collection[str]) -> Host:
        """Return a host of the plugins that have one of these stages, or none at all."""
        host: Host = object.__new__(Host)
        host._registry = self._registry
        host.quarantined = self.quarantined
        host._known_stages = self._known_stages
        host._members = {
            name: member
            for name, member in self._members.items()
            if not member.plugin.stages or any(stage.name in stages for stage in member.plugin.stages)
        }
        return host

    @property
    def _declared(self) -> tuple[Owned[Stage], ...]:
        return tuple(
            Owned(plugin=member.plugin, value=stage)
            for member in self._members.values()
            for stage in member.plugin.stages
        )

    def _registered(self, kind: str) -> tuple[Owned[Any], ...]:
        return tuple(
            Owned(plugin=plugin, value=value)
            for plugin in self.plugins
            for value in getattr(self._members[plugin.name], kind)
        )

    def _ask_all(self, hook: str, arguments_of: Callable[[Plugin], Mapping[str, object]]) -> tuple[Owned[Any], ...]:
        return tuple(owned for plugin in self.plugins for owned in self._ask(plugin, hook, arguments_of))

    def _ask(
        self, plugin: Plugin, hook: str, arguments_of: Callable[[Plugin], Mapping[str, object]]
    ) -> tuple[Owned[Any], ...]:
        answer = self._registry.ask(plugin, hook, lambda: arguments_of(plugin))
        return tuple(Owned(plugin=plugin, value=value) for value in answer)

    def _tell_all(self, hook: str, arguments: Mapping[str, object]) -> tuple[Finding, ...]:
        failures: list[Finding] = []
        for plugin in self.plugins:
            try:
                self._registry.tell(plugin, hook, arguments)
            except DevkitError as error:
                failures.append(Finding(code=PLUGIN_FAILED.code, message=error.message, help=error.help))
        return tuple(failures)


def _contextual(
    context_of: Callable[[Plugin, Exports], Context], exports: Exports
) -> Callable[[Plugin], Mapping[str, object]]:
    return lambda plugin: {"context": context_of(plugin, exports)}
