"""The JSON Schema of `[tool.devkit]`, derived from the declared settings."""

from __future__ import annotations

from dataclasses import MISSING, Field, fields, is_dataclass
from enum import Enum
from types import UnionType
from typing import TYPE_CHECKING, Any, Union, get_args, get_origin

from devkit.config.coerce import field_types, item_type, key_of, unsupported
from devkit.config.core import CoreSettings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from devkit.api.stages import Settings

_SCALARS: dict[object, dict[str, Any]] = {
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    str: {"type": "string"},
    Any: {},
    object: {},
}


def json_schema(declared: Sequence[Settings]) -> dict[str, Any]:
    """Return the schema (draft 2020-12) of the whole table `[tool.devkit]`."""
    schema = _record(CoreSettings)
    schema["properties"] |= {settings.table: _record(settings.type) for settings in declared}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Configuration of devkit: `[tool.devkit]` in pyproject.toml, or devkit.toml",
        **schema,
    }


def _record(table: type) -> dict[str, Any]:
    types = field_types(table)
    properties = {key_of(field.name): _property(field, types[field.name]) for field in fields(table) if field.init}
    description = _first_line(table)
    return {
        **({"description": description} if description else {}),
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }


def _property(field: Field[Any], hint: Any) -> dict[str, Any]:
    schema = _type(hint)
    if field.metadata.get("help"):
        schema["description"] = field.metadata["help"]
    default = field.default_factory() if field.default_factory is not MISSING else field.default
    if default is not MISSING and default is not None:
        schema["default"] = plain(default)
    return schema


def _type(hint: Any) -> dict[str, Any]:
    if hint in _SCALARS:
        return dict(_SCALARS[hint])
    if isinstance(hint, type) and issubclass(hint, Enum):
        return {"type": "string", "enum": [member.value for member in hint]}
    if isinstance(hint, type) and is_dataclass(hint):
        return _record(hint)
    origin = get_origin(hint) or hint
    if origin is dict:
        return {"type": "object", "additionalProperties": _type(item_type(hint))}
    if origin is tuple:
        return _list(get_args(hint) or (Any, ...))
    if origin in {Union, UnionType}:
        return _either([member for member in get_args(hint) if member is not type(None)])
    raise unsupported(hint)


def _list(items: tuple[Any, ...]) -> dict[str, Any]:
    if items[-1] is Ellipsis:
        return {"type": "array", "items": _type(items[0])}
    types = [_type(item) for item in items]
    return {"type": "array", "prefixItems": types, "minItems": len(types), "maxItems": len(types)}


def _either(members: list[Any]) -> dict[str, Any]:
    """TOML has no null: an optional setting is left out."""
    return _type(members[0]) if len(members) == 1 else {"anyOf": [_type(member) for member in members]}


def plain(value: object) -> Any:
    """Return a setting's value as JSON holds it: keys as they are written, unset ones left out, dates as text."""
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value) and not isinstance(value, type):
        given = {key_of(field.name): getattr(value, field.name) for field in fields(value) if field.init}
        return {key: plain(item) for key, item in given.items() if item is not None}
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, float) and value - value != 0:
        return str(value)  # JSON has neither infinity nor nan
    return value if value is None or isinstance(value, str | int | float) else str(value)


def _first_line(table: type) -> str:
    """The first line of a docstring, unless it is the one that dataclasses make up."""
    text = (table.__doc__ or "").strip()
    return "" if text.startswith(f"{table.__name__}(") else text.partition("\n")[0]
