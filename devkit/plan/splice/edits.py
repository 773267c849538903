"""Edits of a document's data: what is to be set, dropped or appended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from devkit.api.values import KeyPath, Value


@dataclass(frozen=True, slots=True)
class SetKey:
    """Set, replace or create the value at a path, with the mappings on the way to it."""

    path: KeyPath
    value: Value


@dataclass(frozen=True, slots=True)
class DropKey:
    """Remove a key from its mapping or an item from its list."""

    path: KeyPath


@dataclass(frozen=True, slots=True)
class AddItem:
    """Append a value to the list at a path."""

    path: KeyPath
    value: Value


Edit = SetKey | DropKey | AddItem
