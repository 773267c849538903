"""Which files are looked at, and in which state: staged, of a range of commits, named, or all."""

import os

from .git import Child, Place
from .problems import Refusal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

REGULAR, LINK = b"100", b"120"
_RAW = ("--raw", "-z", "--no-abbrev", "--no-renames", "--ignore-submodules=all", "--no-ext-diff", "--no-color")
_FEW_NAMES = 20


class Entry:
    """A file: its name, mode and blob in git; no blob means that the work tree's own bytes count."""

    __slots__ = ("blob", "is_added", "is_modified", "mode", "path")

    def __init__(self, path: bytes, mode: bytes, blob: bytes, *, is_added: bool, is_modified: bool = False) -> None:
        self.path, self.mode, self.blob = path, mode, blob
        self.is_added, self.is_modified = is_added, is_modified

    @property
    def is_link(self) -> bool:
        """Return whether it is a symbolic link."""
        return self.mode.startswith(LINK)


class Selection:
    """The entries to look at, what tells this list from any other, and whether all of the repository is in it."""

    __slots__ = ("_added", "_folders", "_index", "_modified", "_names", "is_whole", "listing")

    def __init__(self, index: bytes, modified: bytes, added: bytes, names: "Collection[bytes]") -> None:
        self._index, self._names = index, names
        self._folders = tuple(_folder(name) for name in names if os.path.isdir(name) and not os.path.islink(name))
        self._modified = {path: mode for path, mode, _, _ in read_raw(modified)}
        self._added = {path for path, _, _, _ in read_raw(added)}
        self.is_whole = not names
        self.listing = (index, modified, added)

    def entries(self) -> list[Entry]:
        """Return the entries; nothing of submodules, and nothing that is not there."""
        return list(self._known()) + list(self._unknown())

    def _known(self) -> "Iterator[Entry]":
        names, modified, added, last = self._names, self._modified, self._added, b""
        for item in self._index.split(b"\0"):
            head, _, path = item.partition(b"\t")
            is_wanted = not names or path in names or path.startswith(self._folders)
            if path == last or not is_wanted or not head.startswith((REGULAR, LINK)):
                continue
            last = path
            mode = modified.get(path)
            if mode is None:
                yield Entry(path, head[:6], head[7:-2], is_added=path in added)
            elif mode.startswith((REGULAR, LINK)):
                yield Entry(path, mode, b"", is_added=path in added, is_modified=True)

    def _unknown(self) -> "Iterator[Entry]":
        """Yield what was named and git does not know; refuse what is not there at all."""
        if not self._names:
            return
        known = {item.partition(b"\t")[2] for item in self._index.split(b"\0")}
        for name in sorted(set(self._names) - known):
            if os.path.isfile(name) and not os.path.islink(name):
                yield Entry(name, b"100644", b"", is_added=False)
            elif not os.path.lexists(name):
                raise Refusal(f"there is no file {os.fsdecode(name)!r}")


def staged() -> Child:
    """Ask git for what the next commit changes."""
    return Child(["diff", "--cached", "--diff-filter=AMT", *_RAW])


def changed(source: str, target: str) -> list[Entry]:
    """Return what a range of commits changes, as it is at the end of the range."""
    for reference in (source, target):
        if reference.startswith("-") or not reference:
            raise Refusal(f"{reference!r} is no revision")
    child = Child(["diff", "--diff-filter=AMT", *_RAW, f"{source}...{target}", "--"], is_quiet=True)
    said = child.output.read()
    if child.end():  # no common ancestor, as in a shallow clone
        said = Child(["diff", "--diff-filter=AMT", *_RAW, source, target, "--"]).answer()
    return read_entries(said)


def select(place: Place, names: "Sequence[str]") -> Selection:
    """Return the named files, or all that git knows; three questions to git run side by side."""
    wanted = {place.name(name) for name in names}
    paths: list[str | bytes] = ["--", *sorted(wanted)] if 0 < len(wanted) <= _FEW_NAMES else []
    modified = Child(["diff-files", "--raw", "-z", "--ignore-submodules=all", *paths])
    index = Child(["ls-files", "-s", "-z", *paths])
    added = Child(["diff", "--cached", "--diff-filter=A", *_RAW, *paths])
    return Selection(index.answer(), modified.answer(), added.answer(), wanted)


def read_entries(said: bytes) -> list[Entry]:
    """Return the entries of a raw difference, without submodules."""
    return [
        Entry(path, mode, blob, is_added=status == b"A")
        for path, mode, blob, status in read_raw(said)
        if mode.startswith((REGULAR, LINK))
    ]


def read_raw(said: bytes) -> "Iterator[tuple[bytes, bytes, bytes, bytes]]":
    """Yield path, mode, blob and status of a raw difference; the format is that of git-diff(1), without renames."""
    words = said.split(b"\0")
    for head, path in zip(words[::2], words[1::2], strict=False):
        _, mode, _, blob, status = head.split(b" ")
        yield path, mode, blob, status


def _folder(name: bytes) -> bytes:
    return b"" if name == b"." else name + b"/"
