"""Making the index: every plugin is imported once, in quarantine, and asked what it registers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from devkit.host.entries import Entry, Index, IndexedPlugin
from devkit.host.host import Host

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from devkit.host.entries import Installed
    from devkit.host.plugin import Owned, Plugin


def survey(installed: Sequence[Installed]) -> Index:
    """Return what the plugins register, in the order in which they are asked; those that cannot be used come last."""
    host = Host.of(installed)
    return Index([*_usable(host, installed), *_unusable(host, installed)])


def _usable(host: Host, installed: Sequence[Installed]) -> Iterator[IndexedPlugin]:
    for plugin in host.plugins:
        yield IndexedPlugin(
            name=plugin.name,
            distribution=plugin.distribution,
            version=plugin.version,
            module=_module(plugin.name, plugin.distribution, installed),
            stages=[Entry(stage.name, _plain(stage.summary)) for stage in plugin.stages],
            commands=[
                Entry(one.name, _plain(one.summary), _plain(one.target)) for one in _of(host.commands(), plugin)
            ],
            templates=[Entry(one.name, _plain(one.summary)) for one in _of(host.templates(), plugin)],
            tables=[one.table for one in _of(host.settings(), plugin)],
        )


def _unusable(host: Host, installed: Sequence[Installed]) -> Iterator[IndexedPlugin]:
    for each in host.quarantined:
        yield IndexedPlugin(
            name=each.name,
            distribution=each.distribution,
            version=each.version,
            module=_module(each.name, each.distribution, installed),
            error=_plain(each.reason),
        )


def _of(registered: Iterable[Owned[Any]], plugin: Plugin) -> list[Any]:
    return [owned.value for owned in registered if owned.plugin.name == plugin.name]


def _module(name: str, distribution: str, installed: Sequence[Installed]) -> str:
    return next(each.module for each in installed if (each.name, each.distribution) == (name, distribution))


def _plain(text: str) -> str:
    """Return text on one line and without control characters: it comes from outside, and goes to a terminal."""
    one_line = " ".join(text.split())
    return "".join(character if character.isprintable() else ascii(character)[1:-1] for character in one_line)
