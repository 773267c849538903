"""The plugins that are here, loaded or quarantined, and what each contributes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from devkit.errors import UNKNOWN_NAME, DevkitError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable

    from devkit.host.host import Host, Owned, Plugin
    from devkit.session.session import Session


def plugin_records(session: Session) -> list[dict[str, Any]]:
    """Return one record a plugin: name, distribution, version, state and stages."""
    host = session.any_host
    records = [_loaded(host, plugin) for plugin in host.plugins]
    records += [
        {
            "name": each.name,
            "distribution": each.distribution,
            "version": each.version,
            "state": f"not loaded: {each.reason}",
            "stages": [],
        }
        for each in host.quarantined
    ]
    return records


def plugin_record(session: Session, name: str) -> dict[str, Any]:
    """Return all that one plugin contributes, or raise with the nearest name."""
    records = {record["name"]: record for record in plugin_records(session)}
    if name not in records:
        help_text = did_you_mean(name, records, f"plugins: {', '.join(records)}")
        raise DevkitError(UNKNOWN_NAME, f"no plugin is called `{name}`", help=help_text)
    host = session.any_host
    plugin = next((each for each in host.plugins if each.name == name), None)
    return records[name] | (_contributions(host, plugin) if plugin else {})


def _loaded(host: Host, plugin: Plugin) -> dict[str, Any]:
    return {
        "name": plugin.name,
        "distribution": plugin.distribution,
        "version": plugin.version,
        "state": "loaded",
        "stages": _names(host.stages, plugin),
    }


def _contributions(host: Host, plugin: Plugin) -> dict[str, Any]:
    return {
        "commands": _names(host.commands(), plugin),
        "templates": _names(host.templates(), plugin),
        "settings": [owned.value.table for owned in host.settings() if owned.plugin is plugin],
    }


def _names(owned: Iterable[Owned[Any]], plugin: Plugin) -> list[str]:
    return [each.value.name for each in owned if each.plugin is plugin]
