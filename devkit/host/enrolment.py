"""Taking plugins up: what each registers is asked once, and one that cannot be used is set aside with the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct, field
from msgspec.structs import replace

from devkit.errors import PLUGIN_INVALID, DevkitError
from devkit.host.entries import OWN_DISTRIBUTION
from devkit.host.loading import load_folder, load_installed
from devkit.host.plugin import Plugin, Quarantined
from devkit.host.registry import Registry
from devkit.host.reserved import CORE_COMMANDS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from devkit.api.stages import Command, Settings, Template
    from devkit.host.entries import Installed
    from devkit.host.trust import Code

_Taken = dict[tuple[str, str], Plugin]


class Enrolled(Struct, frozen=True, kw_only=True):
    """A plugin that takes part, with what it registered."""

    plugin: Plugin
    settings: tuple[Settings, ...]
    commands: tuple[Command, ...]
    templates: tuple[Template, ...]


class Enrolment(Struct, kw_only=True):
    """All that take part and all that were set aside."""

    registry: Registry = field(default_factory=Registry)
    members: list[Enrolled] = field(default_factory=list)
    quarantined: list[Quarantined] = field(default_factory=list)
    _taken: _Taken = field(default_factory=dict)

    def add_installed(self, installed: Sequence[Installed]) -> None:
        """Take up installed plugins, the built-in ones first, so that names they use are theirs."""
        for each in sorted(installed, key=lambda one: (one.distribution != OWN_DISTRIBUTION, one.name)):
            self._add(each.name, each.distribution, each.version, lambda each=each: load_installed(each))  # type: ignore[misc]

    def add_folders(self, folders: Sequence[Path]) -> None:
        """Take up plugins of the project's own folders, which have to be trusted already."""
        for folder in folders:
            self._add(folder.name, f"./{folder.name}", "", lambda folder=folder: load_folder(folder))  # type: ignore[misc]

    def set_aside(self, untrusted: Sequence[Code]) -> None:
        """Set aside plugin folders of the project that are not trusted; nothing in them is read."""
        for code in untrusted:
            name = code.folder.name
            help_text = f"read it, and if it may run: devkit trust {code.location}"
            self.quarantined.append(
                Quarantined(
                    name=name, distribution=f"./{name}", version="", reason="it is not trusted", help=help_text
                )
            )

    def _add(self, name: str, distribution: str, version: str, load: Callable[[], Plugin]) -> None:
        plugin: Plugin | None = None
        try:
            self._refuse_taken("plugin", name, f"plugin {name} of `{distribution}`")
            plugin = load()
            self.registry.register(plugin)
            self.members.append(self._enrol(plugin))
        except DevkitError as error:
            if plugin is not None:
                self.registry.forget(plugin)
            reason = error.message
            self.quarantined.append(Quarantined(name=name, distribution=distribution, version=version, reason=reason))

    def _enrol(self, plugin: Plugin) -> Enrolled:
        plugin = replace(plugin, stages=self.registry.ask(plugin, "devkit_stages"))
        settings, commands, templates = (
            self.registry.ask(plugin, hook) for hook in ("devkit_settings", "devkit_commands", "devkit_templates")
        )
        names = [("plugin", plugin.name)]
        names += [("table", each.table) for each in settings]
        names += [("command", each.name) for each in commands]
        names += [("template", each.name) for each in templates]
        for kind, name in names:
            self._refuse_taken(kind, name, plugin)
        self._taken.update(dict.fromkeys(names, plugin))
        return Enrolled(plugin=plugin, settings=settings, commands=commands, templates=templates)

    def _refuse_taken(self, kind: str, name: str, by: Any) -> None:
        owner = self._taken.get((kind, name)) or ("devkit itself" if _is_core(kind, name) else None)
        if owner is not None:
            raise DevkitError(PLUGIN_INVALID, f"{by} registers the {kind} `{name}`, which {owner} has already")


def _is_core(kind: str, name: str) -> bool:
    return kind == "command" and name in CORE_COMMANDS
