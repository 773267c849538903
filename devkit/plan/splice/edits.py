"""Edits of a document's data: what is to be set, dropped or appended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from devkit.api.values import KeyPath, Value


class SetKey(Struct, frozen=True):
    """Set, replace or create the value at a path, with the mappings on the way to it."""

    path: KeyPath
    value: Value


class DropKey(Struct, frozen=True):
    """Remove a key from its mapping or an item from its list."""

    path: KeyPath


class AddItem(Struct, frozen=True):
    """Append a value to the list at a path."""

    path: KeyPath
    value: Value


Edit = SetKey | DropKey | AddItem
