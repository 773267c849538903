"""Clearing away what devkit keeps: caches and state, in a project and in the user's own folder."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from msgspec import Struct

from devkit.api.blaming import blamed
from devkit.engine.inside import Inside, is_draft
from devkit.engine.lock import LOCK, holder, try_lock
from devkit.engine.statefolder import IGNORE_FILE
from devkit.engine.tasklocks import LOCKS
from devkit.engine.undo import KEPT, TRANSACTION
from devkit.errors import LOCKED, DevkitError
from devkit.ledger.place import LEDGER_FILE, is_held, is_mark, is_own
from devkit.project.root import ANSWERS_FILE, STATE_FOLDER
from devkit.project.state import READ_SAFELY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_CACHES = (ANSWERS_FILE, f"{STATE_FOLDER}/idle", f"{STATE_FOLDER}/tasks", TRANSACTION)
"""What the next run makes again by itself."""
_MEMORY = (f"{STATE_FOLDER}/build", f"{STATE_FOLDER}/test", LOCKS, KEPT)
"""What was measured and made, and what undoes the last update."""
_USER_CACHES = ("compiled", "plugins", "templates")


class Kept(Struct, frozen=True, kw_only=True):
    """Something that devkit keeps: its path below a root, how many files it is, and their bytes."""

    path: str
    files: int
    size: int


def caches(root: Path) -> tuple[Kept, ...]:
    """Return what can be made again in a project, broken ledgers and marks of runs that are over included."""
    return _measured(root, [*_CACHES, *_ledger_files(root, broken=True)])


def history(root: Path) -> tuple[Kept, ...]:
    """Return what this clone remembers: the ledger, reports of tests, the last image, what undoes the last update."""
    return _measured(root, [*_MEMORY, *_ledger_files(root, broken=False)])


def user_caches(folder: Path) -> tuple[Kept, ...]:
    """Return the caches in the user's own cache folder."""
    return _measured(folder, _USER_CACHES) if folder.is_dir() else ()


def refuse_running(root: Path) -> None:
    """Raise `LOCKED` when a run of tasks, or a task of one, is at work in the project."""
    folder = os.path.join(root, STATE_FOLDER)
    names = os.listdir(folder) if os.path.isdir(folder) else []
    if any(is_mark(name) and is_held(folder, name) for name in names):
        raise _locked("a run of tasks")
    locks = os.path.join(root, LOCKS)
    for name in sorted(os.listdir(locks)) if os.path.isdir(locks) else []:
        _refuse_held(os.path.join(locks, name))


def remove_kept(root: Path, kept: Iterable[Kept]) -> None:
    """Remove what devkit keeps; a link is removed itself, and what it leads to stays."""
    with blamed("."), Inside(root) as inside:
        for each in kept:
            with blamed(each.path):
                _remove_tree(inside, each.path)


def clear_state(root: Path) -> None:
    """Remove all that devkit keeps in `.devkit/state`, and the folders that are empty then.

    What somebody else put there stays. The caller holds the writer's lock, whose file goes last.
    """
    with blamed(STATE_FOLDER), Inside(root) as inside:
        for path in (*_CACHES, *_MEMORY):
            _remove_tree(inside, path)
        for name in inside.names(STATE_FOLDER):
            if is_own(name) or is_draft(name):
                _remove(inside, f"{STATE_FOLDER}/{name}")
        for path in (IGNORE_FILE, LOCK):
            inside.remove(path)
        for folder in (STATE_FOLDER, STATE_FOLDER.rpartition("/")[0]):
            inside.remove_folder(folder)


def _ledger_files(root: Path, *, broken: bool) -> Iterator[str]:
    """Yield the paths of the ledger and its companions, or of those set aside, and of what dead processes left."""
    folder = os.path.join(root, STATE_FOLDER)
    base = os.path.basename(LEDGER_FILE)
    for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
        is_left = is_draft(name) or (is_mark(name) and not is_held(folder, name))
        is_dead = is_left or name.startswith(f"{base}.broken-")
        if is_dead if broken else name.startswith(base) and not is_dead:
            yield f"{STATE_FOLDER}/{name}"


def _measured(root: Path, paths: Iterable[str]) -> tuple[Kept, ...]:
    with blamed("."), Inside(root) as inside:
        found = []
        for path in paths:
            sizes = [status.st_size for _, status in _walk(inside, path) if not stat.S_ISDIR(status.st_mode)]
            if _status(inside, path) is not None:
                found.append(Kept(path=path, files=len(sizes), size=sum(sizes)))
        return tuple(found)


def _remove_tree(inside: Inside, path: str) -> None:
    for each, status in reversed(list(_walk(inside, path))):  # a folder comes after what is in it
        if stat.S_ISDIR(status.st_mode):
            inside.remove_folder(each)
        else:
            inside.remove(each)


def _walk(inside: Inside, path: str) -> Iterator[tuple[str, os.stat_result]]:
    """Yield a path and all below it, each folder before what is in it; no link is followed."""
    pending = [path]
    while pending:
        here = pending.pop()
        status = _status(inside, here)
        if status is None:
            continue
        yield here, status
        if stat.S_ISDIR(status.st_mode):
            pending += [f"{here}/{name}" for name in sorted(inside.names(here), reverse=True)]


def _status(inside: Inside, path: str) -> os.stat_result | None:
    try:
        return inside.status(path)
    except NotADirectoryError:  # a link, or a file, in the place of a folder: nothing of devkit's
        return None


def _refuse_held(path: str) -> None:
    try:
        handle = os.open(path, READ_SAFELY)
    except OSError:
        return
    try:
        if not try_lock(handle):
            raise _locked(holder(handle))
    finally:
        os.close(handle)


def _locked(who: str) -> DevkitError:
    return DevkitError(LOCKED, f"{who} is at work in this project", help="try again when it has ended")


def _remove(inside: Inside, path: str) -> None:
    """Remove a file of the ledger's; somebody's folder that was in its place is not devkit's to remove."""
    if inside.state(path).kind != "folder":
        inside.remove(path)
