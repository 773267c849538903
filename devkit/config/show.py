"""What `devkit config get` and `devkit config show` say, as plain data for any renderer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from devkit.config.core import CoreSettings
from devkit.config.layers import dotted, quoted
from devkit.config.schema import plain
from devkit.errors import CONFIG_TYPE, UNKNOWN_KEY, DevkitError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from devkit.api.stages import Default, Settings
    from devkit.api.values import KeyPath
    from devkit.config.load import Configuration
    from devkit.config.origin import Entry
    from devkit.errors import Place

LONGEST_KEY = 500
"""Characters of a key on the command line."""


class Shown(Struct, frozen=True, kw_only=True):
    """One value in force: its key, the value as JSON and as TOML, and what set it.

    `kind` is that of the origin, `origin` the text for people: `pyproject.toml:3:1`, a variable, `default`.
    """

    key: str
    value: Any
    text: str
    kind: str
    origin: str
    place: Place | None


def shown_entries(
    configuration: Configuration, declared: Sequence[Settings], defaults: Sequence[Default] = ()
) -> tuple[Shown, ...]:
    """Return every value in force, devkit's own keys first."""
    return tuple(_shown(entry) for entry in configuration.entries(declared, defaults))


def get_value(
    configuration: Configuration, declared: Sequence[Settings], key: str, defaults: Sequence[Default] = ()
) -> tuple[Shown, ...]:
    """Return the value of a dotted key, or all those of a table; UNKNOWN_KEY with a suggestion for others."""
    wanted = dotted(parse_key(key))
    entries = configuration.entries(declared, defaults)
    found = [entry for entry in entries if entry.key == wanted or entry.key.startswith(f"{wanted}.")]
    if not found:
        raise _unknown(key, declared)
    return tuple(_shown(entry) for entry in found)


def parse_key(key: str) -> KeyPath:
    """Return the path of a key as TOML writes it, `mirrors."docker.io"`; UNKNOWN_KEY when it is none."""
    import tomllib

    path: list[str] = []
    try:
        inner: Any = tomllib.loads(f"{key}=0") if len(key) <= LONGEST_KEY and "\n" not in key else {}
    except ValueError:
        inner = {}
    while isinstance(inner, dict) and len(inner) == 1:
        name, inner = next(iter(inner.items()))
        path.append(name)
    if inner != 0:
        raise DevkitError(UNKNOWN_KEY, f"`{key}` is not a key", help="write it like `test.minimum-coverage`")
    return tuple(path)


def value_for(declared: Sequence[Settings], key: str, text: str) -> tuple[KeyPath, Any]:
    """Return path and value for a key that is to be set to `text`, read as the key's declared type.

    The value is one that TOML can hold, for `SetKey`; put `tool.devkit` before the path in pyproject.toml.
    Errors: UNKNOWN_KEY, CONFIG_TYPE.
    """
    from devkit.config.coerce import MisfitError, coerce, is_table, without_none
    from devkit.config.text import Text

    path = parse_key(key)
    hint = without_none(_declared_type(declared, path))
    if hint is None:
        raise _unknown(key, declared)
    if is_table(hint):
        raise DevkitError(CONFIG_TYPE, f"`{key}` is a table", help=f"set one of its keys: `{key}.NAME`")
    try:
        return path, plain(coerce(hint, Text(text)))
    except MisfitError as misfit:
        raise DevkitError(CONFIG_TYPE, f"`{key}` must be {misfit.expected}") from misfit


def _declared_type(declared: Sequence[Settings], path: KeyPath) -> Any:
    from devkit.config.coerce import field_types, is_table, item_type, key_of

    tables = {settings.table: settings.type for settings in declared}
    hint: Any = tables.get(str(path[0]), CoreSettings)
    for key in path[1:] if path[0] in tables else path:
        if isinstance(hint, type) and is_table(hint):
            hint = {key_of(name): kind for name, kind in field_types(hint).items()}.get(str(key))
        else:
            hint = item_type(hint) if is_table(hint) else None
    return hint


def _unknown(key: str, declared: Sequence[Settings]) -> DevkitError:
    from difflib import get_close_matches

    from devkit.config.load import Configuration

    known = [entry.key for entry in Configuration(()).entries(declared)]
    close = get_close_matches(key.replace("_", "-"), known, n=1)
    help_text = f"did you mean `{close[0]}`?" if close else "`devkit config show` lists every key"
    return DevkitError(UNKNOWN_KEY, f"unknown key `{key}`", help=help_text)


def _shown(entry: Entry) -> Shown:
    value = plain(entry.value)
    return Shown(
        key=entry.key,
        value=value,
        text=toml_text(value),
        kind=entry.origin.kind,
        origin=str(entry.origin),
        place=entry.origin.place,
    )


def toml_text(value: object) -> str:
    """Return a plain value as TOML writes it on one line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, list):
        return f"[{', '.join(toml_text(item) for item in value)}]"
    if isinstance(value, dict):
        pairs = ", ".join(f"{dotted((key,))} = {toml_text(item)}" for key, item in value.items())
        return f"{{ {pairs} }}" if pairs else "{}"
    return "" if value is None else str(value)
