"""Plugins in folders of the project: loaded by file path, and only once they are trusted."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from types import ModuleType


def trusted_folders(root: Path, folders: Sequence[str]) -> tuple[Path, ...]:
    """Return the plugin folders of a project, given relative to its root; NEEDS_TRUST for one that is not trusted."""
    raise NotImplementedError


def import_folder(folder: Path) -> ModuleType:
    """Import the plugin in a trusted folder: its `plugin.py`, or else its `__init__.py`."""
    raise NotImplementedError
