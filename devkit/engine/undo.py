"""Undoing a transaction that did not come to its end, and clearing away one that did."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

from msgspec import Struct

from devkit.engine.journal import damaged, parents, read_journal
from devkit.project.journal import JOURNAL_FILE
from devkit.project.root import STATE_FOLDER
from devkit.project.state import ABSENT

if TYPE_CHECKING:
    from devkit.engine.inside import Inside
    from devkit.engine.journal import Entry, Journal
    from devkit.project.state import FileState

TRANSACTION = f"{STATE_FOLDER}/transaction"
JOURNAL_DRAFT = f"{TRANSACTION}/draft"
DONE_FILE = f"{TRANSACTION}/done"
"""What the journal is called once every file was replaced."""
KEPT = f"{STATE_FOLDER}/kept"
"""What the folder of a published transaction is called that can still be undone."""
_LARGEST_JOURNAL = 256 * 1024 * 1024
"""Bytes. 200,000 files need less; more is nothing that devkit wrote."""


class Recovery(Struct, frozen=True, kw_only=True):
    """An interrupted run that was undone: its command, what was put back, what was edited since and kept."""

    command: str
    restored: tuple[str, ...]
    kept: tuple[str, ...]


def staged(number: int) -> str:
    """Return the path of an entry's staged content."""
    return f"{TRANSACTION}/{number}.new"


def before_image(number: int) -> str:
    """Return the path of what an entry's file was before."""
    return f"{TRANSACTION}/{number}.old"


def settle(inside: Inside) -> Recovery | None:
    """Bring a transaction that was left to its end: undo it, or clear it away if it was published or never begun."""
    if inside.status(TRANSACTION) is None:
        return None
    done = _journal(inside, DONE_FILE)
    if done is not None:
        put_away(inside, done)
        return None
    journal = _journal(inside, JOURNAL_FILE)
    recovery = None if journal is None else _undo(inside, journal)
    _discard(inside)
    return recovery


def put_away(inside: Inside, journal: Journal) -> None:
    """Clear away or keep a transaction that was published, and remove the folders that its deletions left empty."""
    inside.sync(TRANSACTION)
    for folder in journal.emptied_folders:
        inside.remove_folder(folder)
    _discard(inside, KEPT)
    if journal.is_kept:
        inside.move(TRANSACTION, KEPT)
    else:
        _discard(inside)


def reopen(inside: Inside) -> bool:
    """Turn the transaction that was kept into one that waits to be undone; return whether there is one."""
    if inside.status(f"{KEPT}/done") is None:
        return False
    inside.move(KEPT, TRANSACTION)
    inside.move(DONE_FILE, JOURNAL_FILE)
    return True


def place(inside: Inside, source: str, entry: Entry, journal: Journal) -> None:
    """Rename a synced file of the transaction to its path; where that is another file system, by way of a copy."""
    try:
        inside.move(source, entry.path)
    except OSError as problem:
        if problem.errno != errno.EXDEV:
            raise
        scratch = _scratch(entry, journal)
        inside.remove(scratch)
        inside.copy(source, scratch)
        inside.sync(scratch)
        inside.move(scratch, entry.path)


def _undo(inside: Inside, journal: Journal) -> Recovery:
    restored, kept = [], []
    for entry in reversed(journal.entries):
        state = _state(inside, entry, journal)
        if state == entry.before:
            continue
        if state == entry.after and _restore(inside, entry, journal):
            restored.append(entry.path)
        else:
            kept.append(entry.path)
    for folder in reversed(journal.folders):
        inside.remove_folder(folder)
    _sync_folders(inside, journal)
    return Recovery(command=journal.command, restored=tuple(sorted(restored)), kept=tuple(sorted(kept)))


def _state(inside: Inside, entry: Entry, journal: Journal) -> FileState | None:
    """Return what is at an entry's path now, its scratch copy removed; `None` behind a link or where a file is."""
    try:
        inside.remove(_scratch(entry, journal))
        return inside.state(entry.path)
    except FileNotFoundError:
        return ABSENT
    except NotADirectoryError:
        return None


def _restore(inside: Inside, entry: Entry, journal: Journal) -> bool:
    """Put back what was at an entry's path; return whether that could be done."""
    if entry.before == ABSENT:
        inside.remove(entry.path)
        return True
    image = before_image(entry.number)
    if inside.state(image) != entry.before:
        return False
    for folder in parents(entry.path):
        inside.make_folder(folder)
    place(inside, image, entry, journal)
    return True


def _sync_folders(inside: Inside, journal: Journal) -> None:
    """Sync the folders as far as the disk lets us: keeping the journal would not mend a disk that cannot sync."""
    for folder in journal.touched_folders:
        try:
            inside.sync(folder)
        except OSError:
            continue


def _discard(inside: Inside, transaction: str = TRANSACTION) -> None:
    """Remove what a transaction left, its journal last: while that is there, undoing can begin again."""
    names = inside.names(transaction)
    for name in sorted(names, key=lambda name: f"{TRANSACTION}/{name}" in {JOURNAL_FILE, DONE_FILE}):
        inside.remove(f"{transaction}/{name}")
    inside.remove_folder(transaction)


def _journal(inside: Inside, path: str) -> Journal | None:
    status = inside.status(path)
    if status is None:
        return None
    if inside.state(path).kind != "file" or status.st_size > _LARGEST_JOURNAL:
        raise damaged()
    return read_journal(inside.read(path))


def _scratch(entry: Entry, journal: Journal) -> str:
    """Return the name beside an entry's path that its content has for a moment on another file system."""
    folder, _, _ = entry.path.rpartition("/")
    return f"{folder}/.devkit-{journal.token}-{entry.number}".lstrip("/")


def state_line(recovery: Recovery | None) -> str:
    """Return what the tree is like after a failed run was undone; `""` when it had not begun to change it."""
    if recovery is None or not (recovery.restored or recovery.kept):
        return ""
    if recovery.kept:
        return f"rolled back, except for what was edited meanwhile: {', '.join(recovery.kept)}"
    return "rolled back"
