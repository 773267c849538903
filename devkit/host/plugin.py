"""What the host knows of a plugin, and data together with the plugin that it came from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from msgspec import Struct

if TYPE_CHECKING:
    from devkit.api.stages import Stage

T = TypeVar("T")


class Plugin(Struct, frozen=True, kw_only=True):
    """A loaded plugin: its entry point's name, where it comes from, and the module or object itself.

    `package` is the top-level package that the plugin's calls and commands have to lie in.
    """

    name: str
    distribution: str
    version: str
    object: object
    package: str
    stages: tuple[Stage, ...] = ()

    def __str__(self) -> str:
        return f"plugin {self.name} {self.version}".rstrip()


class Owned(Struct, Generic[T], frozen=True, kw_only=True):
    """A value that a hook returned, and the plugin that returned it."""

    plugin: Plugin
    value: T


class Quarantined(Struct, frozen=True, kw_only=True):
    """A plugin that was left out because it cannot be used, why, and what helps."""

    name: str
    distribution: str
    version: str
    reason: str
    help: str = "update or uninstall it; `devkit plugin list` shows all"
