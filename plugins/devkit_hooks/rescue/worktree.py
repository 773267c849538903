"""What is on the disk at the names of an index, bytes as they are: no filter of git's touches them."""

from __future__ import annotations

import os
import stat

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from devkit_hooks.rescue.git import Git

REGULAR, PROGRAM, LINK, GONE = b"100644", b"100755", b"120000", b"0"
"""Modes as git writes them; `GONE` says that nothing is there."""
Content = tuple[bytes, bytes]
"""A mode and the name of a blob."""
NOTHING: Content = (GONE, b"")
"""That no file is there."""


class WorkTree:
    """The files of a work tree by their names in git, relative to its top."""

    def __init__(self, git: Git) -> None:
        self._git = git
        self._top = os.fsencode(git.top)
        self._folders: dict[bytes, bytes | None] = {b"": None}

    def path(self, name: bytes) -> bytes:
        """Return where a file is on the disk."""
        return os.path.join(self._top, name)

    def blocker(self, name: bytes) -> bytes | None:
        """Return the name of what stands where a folder above the file should be: a file, or a link; else nothing."""
        folder = os.path.dirname(name)
        if folder not in self._folders:
            self._folders[folder] = self.blocker(folder) or (folder if self._is_no_folder(folder) else None)
        return self._folders[folder]

    def _is_no_folder(self, name: bytes) -> bool:
        mode = self._mode(name)
        return mode is not None and not stat.S_ISDIR(mode)

    def _mode(self, name: bytes) -> int | None:
        try:
            return os.lstat(self.path(name)).st_mode
        except (FileNotFoundError, NotADirectoryError):
            return None

    def kind(self, name: bytes) -> bytes:
        """Return the mode of what is there, `GONE` for nothing, and for what git does not keep."""
        mode = None if self.blocker(name) else self._mode(name)
        if mode is None:
            return GONE
        if stat.S_ISLNK(mode):
            return LINK
        if stat.S_ISREG(mode):
            return PROGRAM if mode & stat.S_IXUSR else REGULAR
        return GONE

    def with_what_stands_there(self, names: Iterable[bytes]) -> set[bytes]:
        """Return the names with those of files that stand in their way, or in a folder in their place."""
        found = set(names)
        for name in list(found):
            blocker = self.blocker(name)
            if blocker is not None:
                found.add(blocker)
            elif os.path.isdir(self.path(name)) and not os.path.islink(self.path(name)):
                found.update(self._below(name))
        return found

    def _below(self, folder: bytes) -> Iterator[bytes]:
        for entry in os.scandir(self.path(folder)):
            name = folder + b"/" + entry.name
            if entry.name.lower() == b".git":
                continue
            if entry.is_dir(follow_symlinks=False):
                yield from self._below(name)
            else:
                yield name

    def contents(self, names: Iterable[bytes], *, keeps: bool) -> Mapping[bytes, Content]:
        """Return what is at the names; with `keeps` the bytes go into git's objects."""
        self._folders = {b"": None}
        kinds = {name: self.kind(name) for name in sorted(names)}
        files = [name for name, kind in kinds.items() if kind in {REGULAR, PROGRAM}]
        blobs = dict(zip(files, self._hashed(files, keeps=keeps), strict=True))
        for name, kind in kinds.items():
            if kind == LINK:
                blobs[name] = self._hashed_link(name, keeps=keeps)
        return {name: (kind, blobs.get(name, b"")) for name, kind in kinds.items()}

    def _hashed(self, names: list[bytes], *, keeps: bool) -> list[bytes]:
        if not names:
            return []
        said = b"".join(_quoted(name) + b"\n" for name in names)
        words = ("hash-object", *(("-w",) if keeps else ()), "--no-filters", "--stdin-paths")
        return self._git.ask(*words, said=said).split()

    def _hashed_link(self, name: bytes, *, keeps: bool) -> bytes:
        words = ("hash-object", *(("-w",) if keeps else ()), "--no-filters", "--stdin")
        return self._git.ask(*words, said=os.readlink(self.path(name))).strip()


def _quoted(name: bytes) -> bytes:
    """Return a name as git reads it in a list of lines: names with odd characters in quotes, as in C."""
    if not any(byte < 32 or byte in b'"\\' for byte in name):  # noqa: PLR2004 - control characters
        return name
    return b'"' + b"".join(b"\\%03o" % byte if byte < 32 or byte in b'"\\' else bytes([byte]) for byte in name) + b'"'  # noqa: PLR2004
