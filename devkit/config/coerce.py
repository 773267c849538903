"""Values as TOML or a variable give them, made into the declared type of a setting."""

from __future__ import annotations

from dataclasses import is_dataclass
from enum import Enum
from functools import cache
from types import UnionType
from typing import TYPE_CHECKING, Any, Union, get_args, get_origin, get_type_hints

from devkit.config.text import Text, literal, number, split, switch
from devkit.errors import PLUGIN_INVALID, DevkitError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from devkit.api.values import KeyPath

_WORDS: dict[object, str] = {
    bool: "`true` or `false`",
    int: "a whole number",
    float: "a number",
    str: "text",
    Any: "a value",
}


class MisfitError(Exception):
    """A value that is not of the declared type; caught where the place of the value is known.

    `expected` says what would fit; `path` leads to the value from the setting it is part of.
    """

    def __init__(self, expected: str, path: KeyPath = ()) -> None:
        super().__init__(expected)
        self.expected = expected
        self.path = path


@cache
def field_types(table: type) -> Mapping[str, Any]:
    """Return the types of a dataclass's fields; PLUGIN_INVALID when they cannot be found out.

    `Value` need not be imported where the dataclass stands: it means any value.
    """
    try:
        return get_type_hints(table, localns={"Value": Any})
    except (NameError, AttributeError, SyntaxError, TypeError) as error:
        raise DevkitError(
            PLUGIN_INVALID,
            f"the types of `{table.__module__}.{table.__qualname__}` cannot be found out: {error}",
            help="import the names of its types outside `if TYPE_CHECKING:`",
        ) from error


def without_none(hint: Any) -> Any:
    """Return `X` for `X | None`, and any other type as it is."""
    if get_origin(hint) not in {Union, UnionType}:
        return hint
    members = [member for member in get_args(hint) if member is not type(None)]
    return members[0] if len(members) == 1 else hint


def is_table(hint: Any) -> bool:
    """Whether a type is written as a TOML table: a dataclass, or a dictionary."""
    return _is_record(hint) or get_origin(hint) is dict or hint is dict


def _is_record(hint: Any) -> bool:
    return isinstance(hint, type) and is_dataclass(hint)


def as_mapping(value: object) -> Mapping[str, object]:
    """Return a table; text is read as an inline table of TOML."""
    if isinstance(value, Text):
        value = literal(value)
    if isinstance(value, dict):
        return value
    raise MisfitError("a table")


def coerce(hint: Any, value: object) -> Any:
    """Return `value` as the declared type; MisfitError says what was expected."""
    hint = without_none(hint)
    if hint in _SCALARS:
        return _SCALARS[hint](value)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return _choice(hint, value)
    origin = get_origin(hint) or hint
    if origin is tuple:
        return _items(hint, value)
    if origin in {Union, UnionType}:
        return _first_fit(hint, value)
    if origin is dict:
        return _dictionary(hint, value)
    if _is_record(hint):
        return _record(hint, value)
    raise unsupported(hint)


def describe(hint: Any) -> str:
    """Return the words for what a type takes, such as `a whole number`."""
    hint = without_none(hint)
    if hint in _WORDS:
        return _WORDS[hint]
    if isinstance(hint, type) and issubclass(hint, Enum):
        return "one of " + ", ".join(f"`{member.value}`" for member in hint)
    origin = get_origin(hint) or hint
    if origin is tuple:
        return "a list"
    if origin in {Union, UnionType}:
        return " or ".join(describe(member) for member in get_args(hint) if member is not type(None))
    return "a table"


def unsupported(hint: Any) -> DevkitError:
    """Return the error about a plugin that declares a setting of a type devkit does not read."""
    return DevkitError(
        PLUGIN_INVALID,
        f"a setting is declared with the type `{hint}`, which configuration cannot hold",
        help="use bool, int, float, str, an enumeration of text, a frozen dataclass, or a tuple or dict of these",
    )


def _boolean(value: object) -> bool:
    if isinstance(value, Text):
        value = switch(value)
    if isinstance(value, bool):
        return value
    raise MisfitError(_WORDS[bool])


def _whole(value: object) -> int:
    if isinstance(value, Text):
        value = number(int, value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise MisfitError(_WORDS[int])


def _real(value: object) -> float:
    if isinstance(value, Text):
        value = number(float, value)
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise MisfitError(_WORDS[float])
    try:
        return float(value)
    except OverflowError as error:
        raise MisfitError("a smaller number") from error


def _text(value: object) -> str:
    if isinstance(value, str):
        return str(value)
    raise MisfitError(_WORDS[str])


def _anything(value: object) -> object:
    """Text stays text unless it can only be meant otherwise: `3.10` is a version more often than a number."""
    if not isinstance(value, Text):
        return value
    if value in {"true", "false"} or value.lstrip("-").isdecimal() or value[:1] in set("[{\"'"):
        meant = literal(value)
        return str(value) if meant is None else meant
    return str(value)


_SCALARS: dict[object, Any] = {
    bool: _boolean,
    int: _whole,
    float: _real,
    str: _text,
    Any: _anything,
    object: _anything,
}


def _choice(hint: type[Enum], value: object) -> Enum:
    for member in hint:
        if value == member.value and type(value) is not bool:
            return member
    raise MisfitError(describe(hint))


def _items(hint: Any, value: object) -> tuple[Any, ...]:
    if isinstance(value, Text):
        value = split(value)
    if not isinstance(value, list | tuple):
        raise MisfitError(describe(hint))
    types = get_args(hint) or (Any, ...)
    if types[-1] is Ellipsis:
        types = (types[0],) * len(value)
    if len(types) != len(value):
        raise MisfitError(f"a list of {len(types)} values")
    return tuple(_within(kind, item, number) for number, (kind, item) in enumerate(zip(types, value, strict=True)))


def _dictionary(hint: Any, value: object) -> dict[str, Any]:
    kind = item_type(hint)
    return {key: _within(kind, item, key) for key, item in as_mapping(value).items()}


def item_type(hint: Any) -> Any:
    """Return the type of the values of a dictionary."""
    return (get_args(hint) or (str, Any))[1]


def _record(hint: type, value: object) -> Any:
    """A table that is an item of a list, so that no other file adds to it."""
    from dataclasses import fields

    given, types = as_mapping(value), field_types(hint)
    names = {field.name: key_of(field.name) for field in fields(hint) if field.init}
    return construct(
        hint, {name: _within(types[name], given[key], key) for name, key in names.items() if key in given}
    )


def construct(table: type, values: Mapping[str, object]) -> Any:
    """Return an instance of a settings dataclass; its own objections (ValueError) are misfits."""
    try:
        return table(**values)
    except ValueError as error:
        raise MisfitError(str(error)) from error
    except TypeError as error:
        message = f"`{table.__module__}.{table.__qualname__}` cannot be made: {error}"
        raise DevkitError(PLUGIN_INVALID, message, help="give every field a default") from error


def key_of(name: str) -> str:
    """Return the key under which a field is written in TOML."""
    return name.replace("_", "-")


def _within(kind: Any, item: object, step: str | int) -> Any:
    try:
        return coerce(kind, item)
    except MisfitError as misfit:
        raise MisfitError(misfit.expected, (step, *misfit.path)) from misfit


def _first_fit(hint: Any, value: object) -> Any:
    for member in get_args(hint):
        try:
            return coerce(member, value)
        except MisfitError:
            continue
    raise MisfitError(describe(hint))
