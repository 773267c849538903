"""Moving a finished tree into a folder that exists, name by name, so that it can be taken back.

One rename could replace an empty folder, but whoever stands in it would then stand in a deleted one.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
from typing import TYPE_CHECKING, Any

from devkit.engine.syncing import sync_folder
from devkit.errors import EXISTS, DevkitError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TREE = "tree"
_GIT = ".git"
_OLD_GIT = "git"
_JOURNAL = "journal"
_DONE = "done"


def move_in(nursery: Path, destination: Path) -> None:
    """Move what is in the nursery's tree to the destination; a `.git` there is replaced by the tree's."""
    names = sorted(os.listdir(nursery / TREE), key=lambda name: (name == _GIT, name))
    _write_journal(nursery, names)
    for name in names:
        if name == _GIT and os.path.lexists(destination / _GIT):
            os.rename(destination / _GIT, nursery / _OLD_GIT)
        if os.path.lexists(destination / name):
            raise DevkitError(EXISTS, f"`{name}` was made meanwhile", help="move it away and try again")
        os.rename(nursery / TREE / name, destination / name)
    sync_folder(destination)
    os.rename(nursery / _JOURNAL, nursery / _DONE)


def move_out(nursery: Path, destination: Path) -> None:
    """Take back what was moved in and not finished; what was edited since stays where it is."""
    for name, fingerprint in _read_journal(nursery):
        source, target = nursery / TREE / name, destination / name
        if os.path.lexists(target) and not os.path.lexists(source) and _fingerprint(target) == fingerprint:
            os.rename(target, source)
        if name == _GIT and os.path.lexists(nursery / _OLD_GIT) and not os.path.lexists(target):
            os.rename(nursery / _OLD_GIT, target)


def _write_journal(nursery: Path, names: list[str]) -> None:
    entries = [[name, _fingerprint(nursery / TREE / name)] for name in names]
    draft = nursery / f"{_JOURNAL}.draft"
    with draft.open("w", encoding="utf-8") as file:
        json.dump(entries, file)
        file.flush()
        os.fsync(file.fileno())
    os.rename(draft, nursery / _JOURNAL)
    sync_folder(nursery)


def _read_journal(nursery: Path) -> Iterator[tuple[str, str]]:
    """Return what was moved, the last first; nothing when it was not begun, or finished."""
    try:
        entries: Any = json.loads((nursery / _JOURNAL).read_bytes())
    except (FileNotFoundError, ValueError):
        return
    for name, fingerprint in reversed(entries):
        if name == os.path.basename(name) and name not in {"", ".", ".."}:
            yield name, fingerprint


def _fingerprint(path: Path) -> str:
    """Return a hash of what stat says of all files below a path, git's index left out: looking rewrites it."""
    found = hashlib.sha256()
    pending = [str(path)]
    while pending:
        here = pending.pop()
        status = os.lstat(here)
        is_folder = stat.S_ISDIR(status.st_mode)
        facts = (status.st_mode, 0 if is_folder else status.st_size, 0 if is_folder else status.st_mtime_ns)
        found.update(repr((os.path.relpath(here, path), facts)).encode("utf-8", "surrogateescape"))
        if is_folder:
            names = sorted(set(os.listdir(here)) - ({"index"} if here == str(path) and path.name == _GIT else set()))
            pending += [os.path.join(here, name) for name in names]
    return found.hexdigest()
