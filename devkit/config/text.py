"""Values that came as text, from variables and flags: how they are read."""

from __future__ import annotations

MOST_LEVELS = 100
"""Tables within tables, brackets within brackets, parts of a key: nobody writes more by hand."""
_SWITCHES = {"true": True, "1": True, "yes": True, "on": True, "false": False, "0": False, "no": False, "off": False}


class Text(str):
    """A value that came as text, from a variable or a flag, and is still to be read as its type."""

    __slots__ = ()


def switch(text: str) -> bool | None:
    """Return what a word such as `yes` or `0` says, or `None`."""
    return _SWITCHES.get(text.strip().lower())


def number(kind: type[int | float], text: str) -> int | float | None:
    """Return a number, or `None` when the text is none."""
    try:
        return kind(text)
    except ValueError:
        return None


def split(text: Text) -> object:
    """Return the items of a list: separated by commas, or a TOML list."""
    if text.lstrip().startswith("["):
        return literal(text)
    return [Text(part.strip()) for part in text.split(",") if part.strip()]


def literal(text: str) -> object:
    """Return the value of a TOML literal, or `None` when the text is none."""
    import tomllib

    if has_endless_key(text):
        return None
    try:
        data = tomllib.loads(f"value = {text.strip()}")
    except (ValueError, RecursionError):
        return None
    return data["value"] if len(data) == 1 and not is_deep(data) else None


def has_endless_key(text: str) -> bool:
    """Whether a key of TOML has more parts than `MOST_LEVELS`, for which parsers need quadratic time."""
    if all(line.count(".") < MOST_LEVELS for line in text.split("\n")):  # a key does not cross lines
        return False
    from devkit.config.locate import endless_key

    return endless_key(text) is not None


def is_deep(value: object) -> bool:
    """Whether tables and lists are nested deeper than anybody writes; what walks them may then recurse."""
    level = [value]
    for _ in range(MOST_LEVELS):
        inner = (outer.values() if isinstance(outer, dict) else outer for outer in level)
        level = [item for items in inner for item in items if isinstance(item, dict | list)]  # type: ignore[attr-defined]
        if not level:
            return False
    return True
