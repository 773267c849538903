"""Whether an interrupted run waits to be undone, read without a lock and without writing."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

from devkit.project.root import STATE_FOLDER
from devkit.project.state import READ_SAFELY

if TYPE_CHECKING:
    from pathlib import Path

JOURNAL_FILE = f"{STATE_FOLDER}/transaction/journal"
"""It is there from before the first file is replaced until the last one was."""
UNREADABLE = "?"


def pending_recovery(root: Path) -> str | None:
    """Return the command that a run was interrupted in (`"?"`: not known), or `None` when there is nothing to undo.

    While another devkit is in the middle of writing, this is that one's command.
    """
    try:
        journal = _read(os.path.join(root, JOURNAL_FILE))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError, RecursionError):
        return UNREADABLE
    command = journal.get("command") if isinstance(journal, dict) else None
    return command if isinstance(command, str) else UNREADABLE


def _read(path: str) -> Any:
    with open(os.open(path, READ_SAFELY), "rb") as file:
        return json.load(file)
