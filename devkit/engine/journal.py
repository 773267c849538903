"""The journal of a transaction: what is at each path before and after, written before anything is replaced."""

from __future__ import annotations

import json

from msgspec import Struct, ValidationError, convert, to_builtins

from devkit.engine.inside import check_path
from devkit.errors import NOT_RECOVERED, DevkitError, Place
from devkit.project.journal import JOURNAL_FILE
from devkit.project.state import FileState  # noqa: TC001 - the types of what is read are looked up when it runs


class Entry(Struct, frozen=True, kw_only=True):
    """A file of the transaction; its staged content and its before-image are files named after `number`."""

    number: int
    path: str
    before: FileState
    after: FileState


class Journal(Struct, frozen=True, kw_only=True, tag_field="schema", tag="devkit.journal/1"):
    """A transaction: its command, a token for names that cannot be anyone else's, the folders that it makes.

    `is_kept` says that it can be undone even after it was published.
    """

    command: str
    token: str
    entries: tuple[Entry, ...]
    folders: tuple[str, ...]
    is_kept: bool = False

    @property
    def touched_folders(self) -> tuple[str, ...]:
        """The folders whose lists of names change, the root as `""`."""
        paths = [*(entry.path for entry in self.entries), *self.folders]
        return tuple(dict.fromkeys(path.rpartition("/")[0] for path in paths))

    @property
    def emptied_folders(self) -> tuple[str, ...]:
        """The folders that a deletion may leave empty, deepest first."""
        gone = [entry.path for entry in self.entries if entry.after.kind == "absent"]
        return tuple(sorted({folder for path in gone for folder in parents(path)}, key=len, reverse=True))


def parents(path: str) -> tuple[str, ...]:
    """Return the folders above a path, outermost first, without the root."""
    parts = path.split("/")
    return tuple("/".join(parts[:count]) for count in range(1, len(parts)))


def write_journal(journal: Journal) -> bytes:
    """Return the text of a journal."""
    return json.dumps(to_builtins(journal), indent=1).encode()


def read_journal(content: bytes) -> Journal:
    """Return the journal that `write_journal` wrote; raise `NOT_RECOVERED` for any other text."""
    try:
        journal = convert(json.loads(content), Journal)
        _check(journal)
    except (ValueError, ValidationError, RecursionError, DevkitError) as problem:
        raise damaged() from problem
    return journal


def damaged() -> DevkitError:
    """Return the error for a journal that cannot be read."""
    folder = JOURNAL_FILE.rpartition("/")[0]
    return DevkitError(
        NOT_RECOVERED,
        "the journal of an interrupted run cannot be read",
        place=Place(path=JOURNAL_FILE),
        help=f"check the project's files (`git status`), then remove the folder `{folder}`",
    )


def _check(journal: Journal) -> None:
    """Refuse a journal that no devkit wrote: it may have come with a clone."""
    for path in (*(entry.path for entry in journal.entries), *journal.folders):
        check_path(path)
    kinds = {state.kind for entry in journal.entries for state in (entry.before, entry.after)}
    if not kinds <= {"file", "absent"} or not journal.token.isalnum():
        raise ValueError(journal.token)
