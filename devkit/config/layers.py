"""The layers of a configuration, and how a setting takes its value from the highest that has it."""

from __future__ import annotations

from dataclasses import MISSING, Field, fields
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec import Struct

from devkit.config.coerce import (
    MisfitError,
    as_mapping,
    coerce,
    construct,
    field_types,
    is_table,
    item_type,
    key_of,
    without_none,
)
from devkit.config.origin import Entry, Origin, OriginKind
from devkit.config.text import MOST_LEVELS, Text
from devkit.errors import CONFIG_TYPE, PLUGIN_INVALID, UNKNOWN_KEY, DevkitError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from devkit.api.stages import Default
    from devkit.api.values import KeyPath, Value
    from devkit.config.source import Source


class Layer(Struct, frozen=True, kw_only=True):
    """What one file, variable or flag sets; `prefix` leads to `table` within a file."""

    kind: OriginKind
    name: str
    table: Mapping[str, object]
    source: Source | None = None
    prefix: KeyPath = ()

    def origin(self, path: KeyPath, label: str = "") -> Origin:
        """Return the origin of a key, with its place when it stands in a file."""
        place = self.source.place((*self.prefix, *path), label) if self.source else None
        return Origin(kind=self.kind, name=self.name, place=place)


class Held(NamedTuple):
    """What a layer has for a key."""

    layer: Layer
    value: object


def variable_layers(environ: Mapping[str, str]) -> list[Layer]:
    """Return a layer for each `DEVKIT_SECTION__KEY`, those that name a deeper key first.

    `DEVKIT__KEY`, without a section, is a key of devkit itself; a name without `__` is no setting.
    """
    names = [name for name in sorted(environ) if name.startswith("DEVKIT_") and "__" in name]
    paths = {name: variable_path(name) for name in names}
    for name in names:
        _refuse_strange(name, environ[name], paths[name])
    return [
        Layer(kind="variable", name=name, table=_nest(paths[name], Text(environ[name])))
        for name in sorted(names, key=lambda name: -len(paths[name]))
    ]


def _refuse_strange(name: str, value: str, path: Sequence[str]) -> None:
    if len(path) > MOST_LEVELS:
        raise DevkitError(UNKNOWN_KEY, f"the variable {name[:40]}… names no key")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise DevkitError(CONFIG_TYPE, f"the variable {name} is not text in UTF-8") from error


def variable_path(name: str) -> list[str]:
    """Return the keys that the name of a variable stands for."""
    parts = name.removeprefix("DEVKIT_").removeprefix("_").split("__")
    return [part.lower().replace("_", "-") for part in parts]


def variable_name(path: Sequence[str]) -> str:
    """Return the variable that sets a key."""
    parts = [part.upper().replace("-", "_") for part in path]
    return ("DEVKIT_" if len(parts) > 1 else "DEVKIT__") + "__".join(parts)


def flag_layers(flags: Mapping[str, Value]) -> list[Layer]:
    """Return a layer for each flag, given as dotted key and value."""
    return [
        Layer(kind="flag", name=key, table=_nest(key.split("."), Text(value) if isinstance(value, str) else value))
        for key, value in flags.items()
    ]


def fact_layers(defaults: Sequence[Default]) -> list[Layer]:
    """Return a layer for each default that follows from facts."""
    return [
        Layer(kind="fact", name="facts", table={default.table: {default.key: default.value}}) for default in defaults
    ]


def _nest(path: Sequence[str], value: object) -> dict[str, object]:
    for key in reversed(path):
        value = {key: value}
    return value  # type: ignore[return-value]


class Resolver:
    """Takes values from layers, highest first; with `entries`, it also notes each with its origin."""

    def __init__(self, layers: Sequence[Layer], entries: list[Entry] | None = None) -> None:
        self._layers = layers
        self._entries = entries

    def table(self, declared: type, path: KeyPath) -> Any:
        """Return an instance of a settings dataclass for the table at `path`."""
        held = [Held(layer, layer.table) for layer in self._layers]
        for depth, key in enumerate(path):
            held = self._below(held, path[:depth], str(key))
        return self._record(declared, path, held, MISSING)

    def _resolve(self, hint: Any, path: KeyPath, held: Sequence[Held], default: object) -> Any:
        hint = without_none(hint)
        if not held and (self._entries is None or not is_table(hint) or default is None):
            return self._note(path, default, Origin(kind="default"))
        if not is_table(hint):
            return self._scalar(hint, path, held[0])
        if isinstance(hint, type) and hint is not dict:
            return self._record(hint, path, held, MISSING if default is None else default)
        return self._dictionary(hint, path, held, default)

    def _scalar(self, hint: Any, path: KeyPath, held: Held) -> Any:
        try:
            value = coerce(hint, held.value)
        except MisfitError as misfit:
            raise refuse(held.layer, path, misfit) from misfit
        return self._note(path, value, held.layer.origin(path) if self._entries is not None else None)

    def _record(self, declared: type, path: KeyPath, held: Sequence[Held], default: object) -> Any:
        is_wanted, given = self._entries is not None, {key for one in held for key in self._mapping(one, path)}
        types = field_types(declared) if is_wanted or given else {}
        values = {}
        for field, key in _keys(declared):
            fallback = _default(field, default)
            if key in given or is_wanted:
                fallback = self._resolve(types[field.name], (*path, key), self._below(held, path, key), fallback)
            if fallback is not MISSING:
                values[field.name] = fallback
        try:
            return construct(declared, values)
        except MisfitError as misfit:
            raise _objection(held, path, misfit) from misfit

    def _dictionary(self, hint: Any, path: KeyPath, held: Sequence[Held], default: object) -> dict[str, Any]:
        """Each key has the value of the highest layer that sets it."""
        defaults = default if isinstance(default, dict) else {}
        tables = [self._mapping(one, path) for one in held]
        keys = dict.fromkeys([*defaults, *(key for table in reversed(tables) for key in table)])
        if not keys:
            return self._note(path, {}, held[0].layer.origin(path) if held else Origin(kind="default")) or {}
        kind = item_type(hint)
        return {
            key: self._resolve(kind, (*path, key), self._below(held, path, key), defaults.get(key, MISSING))
            for key in keys
        }

    def _below(self, held: Sequence[Held], path: KeyPath, key: str) -> list[Held]:
        tables = [(one.layer, self._mapping(one, path)) for one in held]
        return [Held(layer, table[key]) for layer, table in tables if key in table]

    def _mapping(self, held: Held, path: KeyPath) -> Mapping[str, object]:
        try:
            return as_mapping(held.value)
        except MisfitError as misfit:
            raise refuse(held.layer, path, misfit) from misfit

    def _note(self, path: KeyPath, value: Any, origin: Origin | None) -> Any:
        if self._entries is not None and origin is not None and value is not MISSING:
            self._entries.append(Entry(key=dotted(path), value=value, origin=origin))
        return value


def dotted(path: KeyPath) -> str:
    """Return a path as messages write it: `build.platforms[0]`."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{_written(step)}"
    return text.removeprefix(".")


def _written(key: str) -> str:
    is_bare = key.isascii() and key.replace("-", "").replace("_", "").isalnum()
    return key if is_bare else quoted(key)


def quoted(text: str) -> str:
    """Return a basic string of TOML on one line."""
    import json

    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def refuse(layer: Layer, path: KeyPath, misfit: MisfitError) -> DevkitError:
    """Return the error for a value that does not fit, naming its file and line, its variable or its flag."""
    full = (*path, *misfit.path)
    key, expected = dotted(full), misfit.expected
    if layer.kind == "fact":
        return DevkitError(PLUGIN_INVALID, f"a plugin's default for `{key}` must be {expected}")
    if layer.kind == "variable":
        return DevkitError(CONFIG_TYPE, f"the variable {layer.name} must be {expected}", help=f"it sets `{key}`")
    place = layer.origin(full, f"expected {expected}").place
    return DevkitError(
        CONFIG_TYPE, f"`{key}` must be {expected}", place=place, help="`devkit schema` lists the type of every key"
    )


def _objection(held: Sequence[Held], path: KeyPath, misfit: MisfitError) -> DevkitError:
    """The error for values that the settings dataclass itself refuses."""
    place = held[0].layer.origin(path).place if held else None
    return DevkitError(CONFIG_TYPE, f"`{dotted(path)}` is not valid: {misfit.expected}", place=place)


@cache
def _keys(declared: type) -> Sequence[tuple[Field[Any], str]]:
    """Return the fields of a settings dataclass that may be set, each with its key."""
    return [(field, key_of(field.name)) for field in fields(declared) if field.init]


def _default(field: Field[Any], default: object) -> object:
    if default is not MISSING:
        return getattr(default, field.name)
    if field.default_factory is not MISSING:
        return field.default_factory()
    return field.default
