"""Reads the configuration of a project: files, variables and flags, each value with its origin."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from devkit.api.findings import Finding
    from devkit.api.keys import Fact
    from devkit.api.stages import Default, Settings
    from devkit.api.values import Value
    from devkit.config.core import CoreSettings
    from devkit.config.origin import Entry


class Configuration:
    """All that configures a project; the values of a table are validated when they are asked for."""

    core: CoreSettings
    files: tuple[str, ...]
    """The absolute paths that were looked at, present or absent."""
    user_tables: Mapping[str, Mapping[str, Value]]
    """The tables of the user's file that are not settings: `trust`, and `template` (with `aliases`)."""

    def settings(self, declared: Settings, defaults: Sequence[Default] = ()) -> object:
        """Return an instance of `declared.type`; CONFIG_TYPE names the place of a value that does not fit."""
        raise NotImplementedError

    def entries(self, declared: Sequence[Settings], defaults: Sequence[Default] = ()) -> tuple[Entry, ...]:
        """Return every value in force with its origin: devkit's own keys, then the tables in their order."""
        raise NotImplementedError

    def facts(self) -> Mapping[str, Fact]:
        """Return the corrections of `[tool.devkit.facts]` as facts, by name, each with its place."""
        raise NotImplementedError

    def check(self, declared: Sequence[Settings], absent_tables: Collection[str] = ()) -> tuple[Finding, ...]:
        """Refuse keys that nobody declares (UNKNOWN_KEY); warn of tables whose plugin is not here."""
        raise NotImplementedError

    def check_plugins(self, installed: Mapping[str, str]) -> None:
        """Refuse to go on (PLUGIN_MISSING) unless the plugins that the project needs are among `installed`."""
        raise NotImplementedError


def load(root: Path, *, environ: Mapping[str, str], flags: Mapping[str, Value] | None = None) -> Configuration:
    """Return the configuration of the project at `root`.

    `flags` maps dotted keys (`test.minimum-coverage`) to values of the command line. Errors: CONFIG_SYNTAX,
    CONFIG_TYPE, CONFIG_TWICE, REQUIRED_VERSION.
    """
    raise NotImplementedError
