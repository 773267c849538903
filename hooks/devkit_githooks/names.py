"""Checks of names: files that differ only by case, links that lead nowhere, and `.env` files."""

import os

from .git import run
from .report import Finding, quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .entries import Entry

_EXAMPLES = (b".example", b".sample", b".template", b".dist", b".defaults", b".schema")


def is_env(path: bytes) -> bool:
    """Return whether a file of that name holds the variables of a machine, and is no example of them."""
    name = path.rpartition(b"/")[2]
    return (name == b".env" or name.startswith(b".env.")) and not name.endswith(_EXAMPLES)


def env_files(entries: "Iterable[Entry]") -> list[Finding]:
    """Return the findings on `.env` files, which belong to a machine and not to the repository."""
    return [
        Finding("env-file", each.path, 1, "a file of variables and secrets is committed", _untrack(each.path))
        for each in entries
        if is_env(each.path)
    ]


def _untrack(path: bytes) -> str:
    return f"git rm --cached {quoted(path)}, and put it into .gitignore"


def collisions(entries: "Sequence[Entry]") -> list[Finding]:
    """Return the findings on names, of files or folders, that are one name where case is not told apart."""
    names = run("ls-files", "-z").split(b"\0")[:-1]
    if not names:
        return []
    spellings = _spellings(names)
    return [
        Finding(
            "case-collision",
            each.path,
            1,
            f"the same name as {os.fsdecode(other)} where case is not told apart",
            f"git mv {quoted(each.path)} ANOTHER-NAME",
        )
        for each in entries
        if (other := _other(each.path, spellings))
    ]


def _spellings(names: "Iterable[bytes]") -> dict[str, set[bytes]]:
    found: dict[str, set[bytes]] = {}
    for name in {part for each in names for part in _with_folders(each)}:
        found.setdefault(_folded(name), set()).add(name)
    return found


def _other(path: bytes, spellings: dict[str, set[bytes]]) -> bytes | None:
    for part in _with_folders(path):
        others = spellings.get(_folded(part), set()) - {part}
        if others:
            return min(others)
    return None


def _with_folders(path: bytes) -> list[bytes]:
    parts = path.split(b"/")
    return [b"/".join(parts[: end + 1]) for end in range(len(parts))]


def _folded(name: bytes) -> str:
    if name.isascii():
        return name.lower().decode()
    from unicodedata import normalize

    return normalize("NFC", os.fsdecode(name)).casefold()


def broken_link(path: bytes, target: bytes) -> Finding | None:
    """Return the finding on a symbolic link whose target is neither on the disk nor in git."""
    goal = os.path.normpath(os.path.join(os.path.dirname(path), target))
    if os.path.exists(goal) or (not goal.startswith((b"/", b"..")) and run("ls-files", "-z", "--", goal)):
        return None
    what = f"a link to {os.fsdecode(target)}, which is not there"
    return Finding("broken-symlink", path, 1, what, f"git rm --cached {quoted(path)}")
