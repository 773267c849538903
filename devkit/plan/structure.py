"""Questions about structured documents: whether a text is one, and whether it has a key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from devkit.plan.splice import SyntaxProblem, parse
from devkit.plan.splice.data import has_part

if TYPE_CHECKING:
    from devkit.api.values import KeyPath, Value
    from devkit.plan.splice import Format


def parses(text: str, file_format: Format) -> bool:
    """Return whether a text is a document of a format."""
    try:
        parse(text, file_format)
    except SyntaxProblem:
        return False
    return True


def has_path(document: Value, path: KeyPath) -> bool:
    """Return whether a document has a value at a path."""
    for part in path:
        if not has_part(document, part):
            return False
        document = document[part]  # type: ignore[index]
    return True


def path_named(document: Value, name: str) -> KeyPath | None:
    """Return the path of the key with a dotted name, or `None`; keys may hold dots themselves."""
    for key, value in document.items() if isinstance(document, dict) else ():
        if key == name:
            return (key,)
        rest = path_named(value, name.removeprefix(f"{key}.")) if name.startswith(f"{key}.") else None
        if rest is not None:
            return (key, *rest)
    return None
