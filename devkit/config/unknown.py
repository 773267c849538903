"""Refuses keys that nobody declares, with a suggestion and the place."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any, get_args, get_origin

from devkit.config.coerce import (
    MisfitError,
    as_mapping,
    field_types,
    is_table,
    item_type,
    key_of,
    without_none,
)
from devkit.config.core import CoreSettings
from devkit.config.layers import Layer, dotted, refuse, variable_name, variable_path
from devkit.errors import PLUGIN_MISSING, UNKNOWN_KEY, DevkitError, Place

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from devkit.api.findings import Finding
    from devkit.api.stages import Settings
    from devkit.api.values import KeyPath


def check_keys(
    layers: Iterable[Layer], declared: Sequence[Settings], absent_tables: Collection[str]
) -> tuple[Finding, ...]:
    """Return a warning for each table of an absent plugin; UNKNOWN_KEY for what nobody declares."""
    tables = {settings.table: settings.type for settings in declared}
    warnings: dict[str, Finding] = {}
    for layer in layers:
        if layer.kind not in {"flag", "fact"}:
            for key in _undeclared(layer, tables):
                if key not in absent_tables:
                    raise _unknown(layer, (), key, tables)
                warnings.setdefault(key, _absent(layer, key))
    return tuple(warnings.values())


def _undeclared(layer: Layer, tables: Mapping[str, type]) -> list[str]:
    core = {key_of(field.name) for field in fields(CoreSettings)}
    undeclared = []
    for key, value in layer.table.items():
        if key in tables:
            _walk(layer, (key,), tables[key], value, tables)
        elif key not in core:
            undeclared.append(key)
        elif key == "tasks":
            _walk(layer, (key,), field_types(CoreSettings)[key], value, tables)
    return undeclared


def _walk(layer: Layer, path: KeyPath, hint: Any, value: object, tables: Mapping[str, type]) -> None:
    """Look into a value as far as its type declares keys."""
    hint = without_none(hint)
    if isinstance(value, list) and get_origin(hint) is tuple:
        kinds = get_args(hint)
        kinds = kinds[:1] * len(value) if kinds[-1] is Ellipsis else kinds
        for number, (kind, item) in enumerate(zip(kinds, value, strict=False)):
            _walk(layer, (*path, number), kind, item, tables)
    elif is_table(hint):
        table = _mapping(layer, path, value)
        types = _types(layer, path, hint, table, tables)
        for key, item in table.items():
            if isinstance(item, dict | list) or is_table(types[key]):
                _walk(layer, (*path, key), types[key], item, tables)


def _types(
    layer: Layer, path: KeyPath, hint: Any, table: Mapping[str, object], tables: Mapping[str, type]
) -> Mapping[str, Any]:
    if not is_dataclass(hint):
        return dict.fromkeys(table, item_type(hint))
    known = {key_of(field.name): field.name for field in fields(hint) if field.init}
    for key in table:
        if key not in known:
            raise _unknown(layer, path, key, tables, known)
    types = field_types(hint) if table and isinstance(hint, type) else {}
    return {key: types[known[key]] for key in table}


def _mapping(layer: Layer, path: KeyPath, value: object) -> Mapping[str, object]:
    try:
        return as_mapping(value)
    except MisfitError as misfit:
        raise refuse(layer, path, misfit) from misfit


def _unknown(
    layer: Layer, path: KeyPath, key: str, tables: Mapping[str, type], known: Collection[str] = ()
) -> DevkitError:
    is_top = not path
    what = "table" if is_top and isinstance(layer.table.get(key), dict) and layer.source else "key"
    where = "" if is_top else f" in `{dotted(path)}`"
    by = f", set by the variable {layer.name}" if layer.kind == "variable" else ""
    place = layer.origin((*path, key), f"not a known {what}").place
    help_text = _misplaced(layer, key) if is_top else ""
    return DevkitError(
        UNKNOWN_KEY,
        f"unknown {what} `{key}`{where}{by}",
        place=place,
        help=help_text or _suggestion(layer, path, key, tables, known),
    )


def _misplaced(layer: Layer, key: str) -> str:
    """What to say of tables that are right in another file."""
    if key in {"trust", "template"}:
        return f"`{key}` belongs in the user's own file, `config.toml`; a project cannot set it"
    if key == "tool" and layer.source:
        return f"write the keys at the top level of {layer.name}, without `[tool.devkit]`"
    return ""


def _suggestion(layer: Layer, path: KeyPath, key: str, tables: Mapping[str, type], known: Collection[str]) -> str:
    from difflib import get_close_matches

    candidates = list(known) if path else [*(key_of(field.name) for field in fields(CoreSettings)), *tables]
    close = get_close_matches(key.lower().replace("_", "-"), candidates, n=1)
    if close:
        return f"did you mean `{_spelt(layer, path, close[0])}`?"
    elsewhere = [
        f"{table}.{key}" for table, declared in tables.items() if key in {key_of(f.name) for f in fields(declared)}
    ]
    if elsewhere:
        return f"did you mean `{elsewhere[0]}`?"
    return "`devkit schema` lists every key"


def _spelt(layer: Layer, path: KeyPath, key: str) -> str:
    """A key as the layer writes it: for a variable, the whole name with that part put right."""
    parts = variable_path(layer.name) if layer.kind == "variable" else []
    if len(path) >= len(parts):
        return key
    parts[len(path)] = key
    return variable_name(parts)


def _absent(layer: Layer, key: str) -> Finding:
    from devkit.api.findings import Finding

    place = layer.origin((key,), "its plugin is not here").place or Place(path=layer.name)
    return Finding(
        code=PLUGIN_MISSING.code,
        message=f"`{key}` is not read: the plugin that declares it is not here",
        place=place,
        help="install the plugin, or let it load; `devkit plugin list` shows what is here",
    )
