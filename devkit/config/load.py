"""Reads the configuration of a project: files, variables and flags, each value with its origin."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from devkit import __version__
from devkit.config.core import CoreSettings
from devkit.config.directories import config_folder
from devkit.config.files import PROJECT_FILES, project_layers, user_layer
from devkit.config.layers import Layer, Resolver, fact_layers, flag_layers, variable_layers
from devkit.config.origin import Entry, Origin
from devkit.errors import NO_WORKSPACES, DevkitError, Place

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from devkit.api.findings import Finding
    from devkit.api.keys import Fact
    from devkit.api.stages import Default, Settings
    from devkit.api.values import KeyPath, Value


class Configuration:
    """All that configures a project; the values of a table are validated when they are asked for.

    Every key, also of a dictionary, has the value of the highest layer that sets it.
    """

    def __init__(
        self,
        layers: Sequence[Layer],
        *,
        files: tuple[str, ...] = (),
        user_tables: Mapping[str, Mapping[str, object]] | None = None,
    ) -> None:
        self._layers = tuple(layers)
        self.files = files
        """The absolute paths that were looked at, present or absent."""
        self.user_tables = user_tables or {}
        """The tables of the user's file that are not settings: `trust`, and `template` (with `aliases`)."""
        self.core: CoreSettings = Resolver(self._layers).table(CoreSettings, ())

    @property
    def aliases(self) -> Mapping[str, str]:
        """The user's names for templates: `[template.aliases]` of the user's own file."""
        aliases = self.user_tables.get("template", {}).get("aliases", {})
        return {key: str(value) for key, value in aliases.items()} if isinstance(aliases, dict) else {}

    def settings(self, declared: Settings, defaults: Sequence[Default] = ()) -> object:
        """Return an instance of `declared.type`; CONFIG_TYPE names the place of a value that does not fit."""
        return Resolver(self._with(defaults)).table(declared.type, (declared.table,))

    def entries(self, declared: Sequence[Settings], defaults: Sequence[Default] = ()) -> tuple[Entry, ...]:
        """Return every value in force with its origin: devkit's own keys, then the tables in their order."""
        found: list[Entry] = []
        resolver = Resolver(self._with(defaults), found)
        resolver.table(CoreSettings, ())
        for settings in declared:
            resolver.table(settings.type, (settings.table,))
        return tuple(found)

    def origin(self, key: str) -> Origin:
        """Return what sets a dotted key, or the table above it; of kind `default` when nothing does."""
        return self._origin(tuple(key.split(".")))

    def place(self, path: KeyPath, label: str = "") -> Place | None:
        """Return where a key is set: in the highest layer that holds it, when that is a file."""
        layer = next((layer for layer in self._layers if _holds(layer, path)), None)
        return layer.origin(path, label).place if layer else None

    def _origin(self, path: KeyPath) -> Origin:
        layer = next((layer for layer in self._layers if _holds(layer, path)), None)
        return layer.origin(path) if layer else Origin(kind="default")

    def facts(self) -> Mapping[str, Fact]:
        """Return the corrections of `[tool.devkit.facts]` as facts, by name, each with its place."""
        from devkit.api.keys import Fact

        origins = {name: self._origin(("facts", name)) for name in self.core.facts}
        return {
            name: Fact(name=name, value=value, place=origins[name].place or Place(path=origins[name].name))
            for name, value in self.core.facts.items()
        }

    def check(self, declared: Sequence[Settings], absent_tables: Collection[str] = ()) -> tuple[Finding, ...]:
        """Refuse keys that nobody declares (UNKNOWN_KEY); warn of tables whose plugin is not here."""
        from devkit.config.unknown import check_keys

        return check_keys(self._layers, declared, absent_tables)

    def check_plugins(self, installed: Mapping[str, str]) -> None:
        """Raise PLUGIN_MISSING unless the plugins that the project needs are among `installed`."""
        from devkit.config.requirements import check_plugins

        check_plugins(self.core, installed, self.origin("plugins").place if self.core.plugins else None)

    def _with(self, defaults: Sequence[Default]) -> tuple[Layer, ...]:
        return (*self._layers, *fact_layers(defaults))


def load(root: Path | None, *, environ: Mapping[str, str], flags: Mapping[str, Value] | None = None) -> Configuration:
    """Return the configuration of the project at `root`; without a project, that of the user.

    `flags` maps dotted keys (`test.minimum-coverage`) to values of the command line. Errors: CONFIG_SYNTAX,
    CONFIG_TYPE, CONFIG_TWICE, REQUIRED_VERSION, NO_WORKSPACES.
    """
    user_file = os.path.join(config_folder(), "config.toml")
    files = tuple(os.path.join(root, name) for name in PROJECT_FILES) if root else ()
    user, user_tables = user_layer(user_file)
    project = project_layers(files) if files else []
    layers = [*flag_layers(flags or {}), *variable_layers(environ), *project, *user]
    _check_version(layers)
    loaded = Configuration(layers, files=(*files, user_file), user_tables=user_tables)
    if loaded.core.members:
        raise DevkitError(
            NO_WORKSPACES,
            "workspaces are not available yet, and the project sets `members`",
            place=loaded.origin("members").place,
            help="take `members` out, and run devkit in each member's folder",
        )
    return loaded


def _check_version(layers: Sequence[Layer]) -> None:
    """First of all: a project for another version may hold keys that this one cannot read."""
    layer = next((layer for layer in layers if "required-version" in layer.table), None)
    required = layer.table["required-version"] if layer else ""
    if layer and isinstance(required, str):
        from devkit.config.requirements import check_version

        check_version(str(required), __version__, layer.origin(("required-version",)).place)


def _holds(layer: Layer, path: KeyPath) -> bool:
    table: object = layer.table
    for key in path:
        if not isinstance(table, dict) or key not in table:
            return False
        table = table[key]
    return True
