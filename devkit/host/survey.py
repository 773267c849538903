"""Making the index: every plugin is imported once, in quarantine, and asked what it registers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from devkit.errors import DevkitError
from devkit.host.entries import Entry, Index, IndexedPlugin
from devkit.host.host import Host

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from devkit.api.stages import Stage
    from devkit.host.entries import Installed
    from devkit.host.plugin import Owned, Plugin, Quarantined


def survey(installed: Sequence[Installed]) -> Index:
    """Return what the plugins register, in the order in which they are asked; those that cannot be used come last."""
    host = Host.of(installed)
    modules = {(each.name, each.distribution): each.module for each in installed}
    usable = {plugin.name: _indexed(plugin, modules) for plugin in host.plugins}
    for stage in _in_order(host):
        usable[stage.plugin.name].stages += (Entry(stage.value.name, _plain(stage.value.summary)),)
    for command in host.commands():
        entry = Entry(command.value.name, _plain(command.value.summary), _plain(command.value.target))
        usable[command.plugin.name].commands += (entry,)
    for template in host.templates():
        usable[template.plugin.name].templates += (Entry(template.value.name, _plain(template.value.summary)),)
    for table in host.settings():
        usable[table.plugin.name].tables += (table.value.table,)
    return Index([*usable.values(), *(_indexed(each, modules, _plain(each.reason)) for each in host.quarantined)])


def _indexed(plugin: Plugin | Quarantined, modules: Mapping[tuple[str, str], str], error: str = "") -> IndexedPlugin:
    return IndexedPlugin(
        name=plugin.name,
        distribution=plugin.distribution,
        version=plugin.version,
        module=modules[plugin.name, plugin.distribution],
        error=error,
    )


def _in_order(host: Host) -> Sequence[Owned[Stage]]:
    try:
        return host.stages
    except DevkitError:  # told by every command that needs the stages; help does not
        return ()


def _plain(text: str) -> str:
    """Return text on one line and without control characters: it comes from outside, and goes to a terminal."""
    one_line = " ".join(text.split())
    return "".join(character if character.isprintable() else ascii(character)[1:-1] for character in one_line)
