"""How a value is written in a `.env` file, so that whoever reads the file reads that very value."""

from __future__ import annotations

import re

_PLAIN = re.compile(r"(?:[A-Za-z0-9_./:@%+,=-]|\$\{\w+\})*")
_REFERENCE = re.compile(r"\$\{[^}]*\}")
"""What python-dotenv replaces in every value, however it is quoted."""
_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class UnwritableError(ValueError):
    """A value that no reader would give back as it is; the text says why."""


def is_key(name: str) -> bool:
    """Whether a name is one that every shell takes for a variable."""
    return _KEY.fullmatch(name) is not None


def is_portable(value: str) -> bool:
    """Whether python-dotenv, `docker compose` and a POSIX shell all read what `quoted` writes as this value.

    Not portable are a backslash, a carriage return, and a single quote together with any of `"`, `$` and the
    backtick: what stands for these differs between the three.
    """
    if "\\" in value or "\r" in value:
        return False
    return "'" not in value or not set('"$`') & set(value)


def quoted(value: str) -> str:
    """Return a value as python-dotenv reads it; `UnwritableError` when there is no way to write it."""
    if "\0" in value:
        raise UnwritableError("a variable cannot hold a NUL")
    if _REFERENCE.search(value):
        raise UnwritableError("`${…}` is a reference to another variable for those who read the file")
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise UnwritableError("it is not valid Unicode")
    return written(value)


def written(value: str) -> str:
    """Return a value as it stands in a file; a reference in it stays one for those who heed it."""
    if _PLAIN.fullmatch(value):
        return value
    if "'" not in value and is_portable(value) and not _REFERENCE.search(value):
        return f"'{value}'"
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\r", "\\r")
    return f'"{escaped}"'
