"""Changing files of a project as one: all of them, or none, even when the run is killed.

New contents are staged and synced, and each file's former self is given a second name, beside a journal that
is synced before the first file is replaced. The journal is renamed when the last file was replaced: that is the
moment of publication. Whoever finds a journal undoes what it lists.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from devkit.api.blaming import blamed
from devkit.engine.inside import Inside, check_path
from devkit.engine.signals import Interrupted, shielded
from devkit.engine.staging import Change, Target, look_at, prepare
from devkit.engine.undo import DONE_FILE, TRANSACTION, Recovery, place, put_away, reopen, settle, staged, state_line
from devkit.errors import CHANGED_UNDERNEATH, DevkitError, Place
from devkit.project.journal import JOURNAL_FILE

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence
    from pathlib import Path

    from devkit.engine.journal import Entry, Journal

__all__ = ["Change", "Recovery", "abort", "commit_changes", "recover"]

_WRITTEN = "the files were written"
_NOT_UNDONE = "the changes are half made; the next devkit command that writes undoes them"


def commit_changes(root: Path, changes: Sequence[Change], *, command: str, keeps: bool = False) -> None:
    """Make all changes, or none; `command` names the run to whoever has to undo it.

    With `keeps`, `abort` can undo the changes until others are made. The caller holds the writer's lock. What was
    interrupted before is undone first. Raises `BAD_PATH`, `NOT_A_FILE`, `CHANGED_UNDERNEATH`, `NO_PERMISSION` and
    `IO_FAILED`, each with a state line that is true.
    """
    for change in changes:
        check_path(change.path)
    if not changes:
        return
    with blamed("."), Inside(root) as inside:
        with blamed(TRANSACTION), shielded():
            settle(inside)
        targets = [look_at(inside, change) for change in changes]
        targets = [target for target in targets if target.status is not None or target.change.content is not None]
        if targets:
            _Transaction(inside, command, keeps=keeps).run(targets)


def recover(root: Path) -> Recovery | None:
    """Undo a run that was killed, if there is one; return what was put back, and what was edited since and kept.

    The caller holds the writer's lock. Raises `NOT_RECOVERED` when the journal cannot be read.
    """
    with blamed("."), Inside(root) as inside, blamed(TRANSACTION), shielded():
        return settle(inside)


def abort(root: Path) -> Recovery | None:
    """Undo the last changes if they were kept for that, else return `None`; what was edited since is kept.

    The caller holds the writer's lock.
    """
    with blamed("."), Inside(root) as inside, blamed(TRANSACTION), shielded():
        settle(inside)
        return settle(inside) if reopen(inside) else None


class _Transaction:
    """One transaction on its way from staging to publication."""

    def __init__(self, inside: Inside, command: str, *, keeps: bool) -> None:
        self._inside = inside
        self._command = command
        self._keeps = keeps
        self._has_begun = False
        self._is_published = False

    def run(self, targets: Sequence[Target]) -> None:
        """Make the changes; put everything back if that fails or is interrupted."""
        try:
            journal = prepare(self._inside, targets, self._command, keeps=self._keeps)
            self._has_begun = True
            _replace_all(self._inside, journal, targets)
            with shielded():
                self._publish(journal)
        except BaseException as problem:
            self._after_failure(problem)
            raise

    def _after_failure(self, problem: BaseException) -> None:
        """Put everything back, unless it was published, and let the state line of what went wrong say so."""
        state = _WRITTEN
        try:
            if not self._is_published:
                with shielded():
                    state = self._put_back()
        except Interrupted as interruption:
            _tell(interruption, state)
            raise
        _tell(problem, state)

    def _publish(self, journal: Journal) -> None:
        with blamed(JOURNAL_FILE):
            self._inside.move(JOURNAL_FILE, DONE_FILE)
        self._is_published = True
        try:
            put_away(self._inside, journal)
        except OSError:
            self._put_away_again()

    def _put_away_again(self) -> None:
        try:
            settle(self._inside)
        except (OSError, DevkitError):  # clutter in devkit's own folder, which the next writer clears away
            return

    def _put_back(self) -> str:
        """Undo what was done; return what is true then, or `""` when nothing had been done."""
        try:
            return state_line(settle(self._inside))
        except (OSError, DevkitError):
            return _NOT_UNDONE if self._has_begun else ""


def _replace_all(inside: Inside, journal: Journal, targets: Sequence[Target]) -> None:
    for folder in journal.folders:
        with blamed(folder):
            inside.make_folder(folder)
    for entry, target in zip(journal.entries, targets, strict=True):
        with blamed(entry.path):
            _replace(inside, journal, entry, target)
    for folder in journal.touched_folders:
        with blamed(folder or "."):
            inside.sync(folder)


def _replace(inside: Inside, journal: Journal, entry: Entry, target: Target) -> None:
    if not _is_same(inside.status(entry.path), target.status):
        message = f"`{entry.path}` changed while devkit was writing"
        raise DevkitError(CHANGED_UNDERNEATH, message, place=Place(path=entry.path), help="run the command again")
    if entry.after.kind == "file":
        place(inside, staged(entry.number), entry, journal)
    else:
        inside.remove(entry.path)


def _is_same(one: os.stat_result | None, other: os.stat_result | None) -> bool:
    """Whether a file was neither replaced nor written to between two looks at it."""
    if one is None or other is None:
        return one is other
    return (one.st_ino, one.st_size, one.st_mtime_ns) == (other.st_ino, other.st_size, other.st_mtime_ns)


def _tell(problem: BaseException, state: str) -> None:
    if state and isinstance(problem, DevkitError | Interrupted):
        problem.state = state
