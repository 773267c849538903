"""Taking devkit's own state out of a project that leaves devkit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from devkit.engine.inside import Inside
from devkit.engine.lock import LOCK
from devkit.engine.statefolder import IGNORE_FILE, blamed
from devkit.engine.tasklocks import LOCKS
from devkit.engine.undo import KEPT, TRANSACTION
from devkit.ledger.place import is_own
from devkit.project.root import ANSWERS_FILE, STATE_FOLDER

if TYPE_CHECKING:
    from pathlib import Path

_OWN = (ANSWERS_FILE, f"{ANSWERS_FILE}.new", IGNORE_FILE, LOCK)


def clear_state(root: Path) -> None:
    """Remove the files that devkit keeps in `.devkit/state`, and the folders that are empty then.

    What somebody else put there stays. The caller holds the writer's lock, whose file goes last.
    """
    with blamed(STATE_FOLDER), Inside(root) as inside:
        for folder in (TRANSACTION, KEPT, LOCKS):
            for name in inside.names(folder):
                inside.remove(f"{folder}/{name}")
            inside.remove_folder(folder)
        for name in filter(is_own, inside.names(STATE_FOLDER)):
            _remove(inside, f"{STATE_FOLDER}/{name}")
        for path in _OWN:
            inside.remove(path)
        for folder in (STATE_FOLDER, STATE_FOLDER.rpartition("/")[0]):
            inside.remove_folder(folder)


def _remove(inside: Inside, path: str) -> None:
    """Remove a file of the ledger's; somebody's folder that was in its place is not devkit's to remove."""
    if inside.state(path).kind != "folder":
        inside.remove(path)
