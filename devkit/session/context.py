"""The context that lifecycle hooks see, made for one plugin at a time so that it can be named."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct

from devkit.errors import PLUGIN_INVALID, DevkitError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from devkit.api.context import Tree
    from devkit.api.keys import Fact, Key
    from devkit.api.values import Value
    from devkit.host.host import Exports, Plugin

T = TypeVar("T")


class Knowledge(Struct, frozen=True, kw_only=True):
    """What is the same for every plugin in one planning: all of it immutable."""

    tree: Tree
    facts: Mapping[str, Fact]
    answers: Mapping[str, Value]
    stages: tuple[str, ...]
    settings: Mapping[type, object]
    mirrors: Mapping[str, str]


class PluginContext(Struct, frozen=True):
    """See `devkit.api.Context`."""

    _plugin: Plugin
    _knowledge: Knowledge
    _exports: Exports

    @property
    def tree(self) -> Tree:
        """The project's files as they will be after rendering."""
        return self._knowledge.tree

    @property
    def facts(self) -> Mapping[str, Fact]:
        """What was detected, by name."""
        return MappingProxyType(dict(self._knowledge.facts))

    @property
    def answers(self) -> Mapping[str, Value]:
        """The answers of the project's template."""
        return MappingProxyType(dict(self._knowledge.answers))

    @property
    def stages(self) -> Sequence[str]:
        """The enabled stages in their order."""
        return self._knowledge.stages

    @property
    def mirrors(self) -> Mapping[str, str]:
        """The mirrors of indexes and registries."""
        return MappingProxyType(dict(self._knowledge.mirrors))

    def settings(self, settings_type: type[T]) -> T:
        """Return the settings that a plugin declared with this dataclass."""
        found = self._knowledge.settings.get(settings_type)
        if not isinstance(found, settings_type):
            message = f"plugin {self._plugin.name} reads settings `{settings_type.__name__}`, which nobody declared"
            raise DevkitError(PLUGIN_INVALID, message, help="declare them in `devkit_settings`")
        return found

    def get(self, key: Key[T]) -> T:
        """Return the published value; a missing one is an error that names the asking plugin."""
        return self._exports.get(key, asking=self._plugin)

    def find(self, key: Key[T]) -> T | None:
        """Return the published value, or `None`."""
        return self._exports.find(key)

    def collect(self, key: Key[T]) -> Sequence[T]:
        """Return all values of a key with `many`, in stage order."""
        return self._exports.collect(key)
