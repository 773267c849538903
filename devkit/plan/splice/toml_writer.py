"""TOML text for new keys, values and tables."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import TYPE_CHECKING

from msgspec import Struct

from devkit.plan.splice.problems import SpliceProblem
from devkit.plan.values import is_list

if TYPE_CHECKING:
    from collections.abc import Iterator

    from devkit.api.values import Value

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_SPECIAL = re.compile('[\x00-\x08\x0a-\x1f\x7f"\\\\]')
_SPECIAL_IN_LINES = re.compile('[\x00-\x08\x0b-\x1f\x7f\\\\]|"(?="")|"$')
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\b": "\\b", "\f": "\\f"}
_WIDTH = 88


class Style(Struct, frozen=True, kw_only=True):
    """How new text is laid out: one step of indentation of a long array, and the line ending."""

    unit: str
    newline: str


def key_text(keys: Sequence[str]) -> str:
    """Return a dotted key, its parts quoted where they must be."""
    return ".".join(key if _BARE.fullmatch(key) else _basic(key) for key in keys)


def value_text(value: Value, style: Style, *, indent: str = "", old: str = "", column: int = 0) -> str:
    """Return a value as it stands behind `key = `; a list is spread over lines when `old` was or it is long."""
    if is_list(value) and value:
        short = inline_text(value)
        if "\n" not in old and column + len(short) <= _WIDTH:
            return short
        inner = style.newline + indent + style.unit
        parts = [value_text(item, style, indent=indent + style.unit) for item in value]
        return f"[{inner}" + f",{inner}".join(parts) + f",{style.newline}{indent}]"
    if isinstance(value, str) and "\n" in value and style.newline == "\n" and (not old or old.startswith('"""')):
        return _multi_line(value)  # with carriage returns in the file, readers would differ on what it holds
    if isinstance(value, str) and old[:1] == "'" and not re.search("['\x00-\x08\x0a-\x1f\x7f]", value):
        return f"'{value}'"
    return inline_text(value)


def inline_text(value: Value) -> str:
    """Return a value in one line. Raises `SpliceProblem` for what TOML cannot hold."""
    if isinstance(value, Mapping):
        pairs = ", ".join(f"{key_text([str(key)])} = {inline_text(item)}" for key, item in value.items())
        return f"{{ {pairs} }}" if pairs else "{}"
    if is_list(value):
        return f"[{', '.join(map(inline_text, value))}]"
    return _string(value) if isinstance(value, str) else _scalar(value)


def _scalar(value: Value) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return repr(value) if math.isfinite(value) else str(value)
    if isinstance(value, date | time):
        return value.isoformat()
    if value is None:
        raise SpliceProblem("TOML has no way to write null")
    return str(value)


def is_table(value: Value) -> bool:
    """Return whether a value is written under headers of its own: a mapping, or a list of mappings."""
    return isinstance(value, Mapping) or (
        is_list(value) and bool(value) and all(isinstance(item, Mapping) for item in value)
    )


def tables(keys: tuple[str, ...], value: Value, style: Style) -> Iterator[str]:
    """Yield the tables of a value for which `is_table` holds, each without a line ending behind it."""
    if isinstance(value, Mapping):
        yield from _table(f"[{key_text(keys)}]", keys, value, style)
    elif is_list(value):
        for item in value:
            yield from item_tables(keys, item, style)


def item_tables(keys: tuple[str, ...], item: Value, style: Style) -> Iterator[str]:
    """Yield the tables of one item of an array of tables."""
    if not isinstance(item, Mapping):
        raise SpliceProblem(f"`{key_text(keys)}` holds tables only")
    yield from _table(f"[[{key_text(keys)}]]", keys, item, style)


def pair_text(keys: Sequence[str], value: Value, style: Style, *, indent: str = "", equals: str = " = ") -> str:
    """Return a key with its value."""
    left = key_text(keys) + equals
    return left + value_text(value, style, indent=indent, column=len(indent + left))


def _table(header: str, keys: tuple[str, ...], table: Mapping[str, Value], style: Style) -> Iterator[str]:
    below = {key: value for key, value in table.items() if is_table(value)}
    pairs = [pair_text([key], value, style) for key, value in table.items() if key not in below]
    if pairs or not below or header.startswith("[["):
        yield style.newline.join([header, *pairs])
    for key, value in below.items():
        yield from tables((*keys, key), value, style)


def _string(value: str) -> str:
    is_literal = ('"' in value or "\\" in value) and not re.search("['\x00-\x08\x0a-\x1f\x7f]", value)
    return f"'{value}'" if is_literal else _basic(value)


def _basic(value: str) -> str:
    return f'"{_SPECIAL.sub(_escaped, value)}"'


def _multi_line(value: str) -> str:
    return f'"""\n{_SPECIAL_IN_LINES.sub(_escaped, value)}"""'


def _escaped(found: re.Match[str]) -> str:
    return _ESCAPES.get(found.group(), f"\\u{ord(found.group()):04X}")
