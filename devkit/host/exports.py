"""The values that stages share: published in stage order, then frozen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from devkit.errors import KEY_CONTESTED, KEY_MISSING, PLUGIN_INVALID, DevkitError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from devkit.api.keys import Key, Published
    from devkit.host.plugin import Owned, Plugin

T = TypeVar("T")


class Exports:
    """All published values, by the name of their key, each with the plugin that published it."""

    __slots__ = ("_owned",)

    def __init__(self, owned: Mapping[str, tuple[Owned[Published[Any]], ...]] | None = None) -> None:
        self._owned = dict(owned or {})

    def with_published(self, published: Sequence[Owned[Published[Any]]]) -> Exports:
        """Return these exports and the given ones; KEY_CONTESTED when a value gets a second owner."""
        owned = dict(self._owned)
        for each in published:
            key = each.value.key
            earlier = owned.get(key.name, ())
            if earlier and not (key.many and earlier[0].value.key.many):
                _refuse_second(each, earlier[0])
            owned[key.name] = (*earlier, each)
        return Exports(owned)

    def get(self, key: Key[T], *, asking: Plugin) -> T:
        """Return the published value; KEY_MISSING names the plugin that asks for it."""
        found = self._values(key, asking)
        if not found:
            message = f"{asking} needs the value `{key.name}`, which no enabled stage before it publishes"
            raise DevkitError(KEY_MISSING, message, help="add the stage that publishes it: devkit add STAGE")
        return found[0]

    def find(self, key: Key[T], *, asking: Plugin | None = None) -> T | None:
        """Return the published value, or `None`."""
        return next(iter(self._values(key, asking)), None)

    def collect(self, key: Key[T]) -> Sequence[T]:
        """Return all values of a key, in stage order."""
        return tuple(each.value.value for each in self._owned.get(key.name, ()))

    def owners(self, key: Key[Any]) -> tuple[Plugin, ...]:
        """Return the plugins that published under a key, in stage order."""
        return tuple(each.plugin for each in self._owned.get(key.name, ()))

    def _values(self, key: Key[T], asking: Plugin | None) -> Sequence[T]:
        if key.many:
            message = f"{asking or 'a plugin'} reads one value of `{key.name}`, which holds many"
            raise DevkitError(PLUGIN_INVALID, message, help="read it with `context.collect`")
        return self.collect(key)


def _refuse_second(second: Owned[Published[Any]], first: Owned[Published[Any]]) -> None:
    message = f"`{second.value.key.name}` is published by {first.plugin} and by {second.plugin}"
    help_text = f"leave one of them out: uninstall `{second.plugin.distribution}`, or choose others with `-p`"
    raise DevkitError(KEY_CONTESTED, message, help=help_text)
