"""Changing files of a project as one: all of them, or none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from devkit.project.state import FileState


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A file's new content (`None`: it goes), and what must be there before; `executable` `None` keeps the mode."""

    path: str
    before: FileState
    content: bytes | None
    executable: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """An interrupted run that was undone: its command, what was put back, what was edited since and kept."""

    command: str
    restored: tuple[str, ...]
    kept: tuple[str, ...]


def commit_changes(root: Path, changes: Sequence[Change], *, command: str) -> None:
    """Make all changes, or none; `command` names the run to whoever has to undo it."""
    raise NotImplementedError


def recover(root: Path) -> Recovery | None:
    """Undo a run that was killed, if there is one."""
    raise NotImplementedError
