"""The project's files as plugins see them: read-only, every read recorded."""

from __future__ import annotations

import os
import stat
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct, field

from devkit.errors import BAD_PATH, DevkitError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

LARGEST_TEXT = 16 * 1024 * 1024
"""Bytes. What describes a project is smaller; a larger file reads as absent instead of filling memory."""


class Stamp(Struct, frozen=True):
    """What stat says of a file that was read: enough to tell later whether it is still the same."""

    mtime_ns: int
    size: int
    inode: int


class ReadSet(Struct):
    """What a plan was made from: files with their stamps (`None`: absent), and patterns with their matches.

    `seen` are the folders that were listed and the names that were looked up for patterns.
    """

    files: dict[str, Stamp | None] = field(default_factory=dict)
    patterns: dict[str, tuple[str, ...]] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)


def stamp(file: str | Path) -> Stamp | None:
    """Return the stamp of a regular file, or `None` when there is none."""
    try:
        status = os.stat(file)
    except OSError:
        return None
    return Stamp(status.st_mtime_ns, status.st_size, status.st_ino) if stat.S_ISREG(status.st_mode) else None


class BelowTree(Protocol):
    """A tree that can be laid over."""

    def read_text(self, path: str) -> str | None:
        """See `devkit.api.Tree`."""
        ...

    def exists(self, path: str) -> bool:
        """See `devkit.api.Tree`."""
        ...

    def glob(self, pattern: str) -> Sequence[str]:
        """See `devkit.api.Tree`."""
        ...


class DiskTree:
    """The files below a root, read once each and remembered in `reads`."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._texts: dict[str, str | None] = {}
        self.reads = ReadSet()

    def read_text(self, path: str) -> str | None:
        """Return the text of a regular UTF-8 file, or `None`."""
        if path not in self._texts:
            mark = self._see(path)
            self._texts[path] = _read(self._root / path) if mark and mark.size <= LARGEST_TEXT else None
        return self._texts[path]

    def exists(self, path: str) -> bool:
        """Whether a regular file is at `path`."""
        return self._see(path) is not None

    def glob(self, pattern: str) -> Sequence[str]:
        """Return the files that match, sorted; `*` stays within a folder, hidden names need a dot."""
        _relative(pattern)
        if pattern not in self.reads.patterns:
            self.reads.patterns[pattern] = matches(self._root, pattern, self.reads.seen)
        return self.reads.patterns[pattern]

    def _see(self, path: str) -> Stamp | None:
        _relative(path)
        if path not in self.reads.files:
            self.reads.files[path] = stamp(self._root / path)
        return self.reads.files[path]


class OverlayTree:
    """Another tree with files laid over it that are not on disk yet."""

    def __init__(self, below: BelowTree, files: Mapping[str, str]) -> None:
        self._below = below
        self._files = files

    def read_text(self, path: str) -> str | None:
        """Return the text of the file laid over, else of the one below: what is on disk is the user's."""
        on_disk = self._below.read_text(path)
        return self._files.get(path) if on_disk is None else on_disk

    def exists(self, path: str) -> bool:
        """Whether either tree has the file."""
        return path in self._files or self._below.exists(path)

    def glob(self, pattern: str) -> Sequence[str]:
        """Return the files of both that match, sorted."""
        ours = (path for path in self._files if matches_pattern(path, pattern))
        return sorted({*self._below.glob(pattern), *ours})


def matches(root: Path, pattern: str, seen: set[str] | None = None) -> tuple[str, ...]:
    """Return the regular files below `root` that match a pattern, sorted; links to folders are not followed.

    Folders that are listed and names that are looked up are added to `seen`.
    """
    looked_at = set[str]() if seen is None else seen
    found = [""]
    for part in pattern.split("/"):
        found = [path for folder in found for path in _step(root, folder, part, looked_at)]
    return tuple(sorted(path for path in set(found) if (root / path).is_file()))


def matches_pattern(path: str, pattern: str) -> bool:
    """Whether a path fits a pattern, part by part; `**` stands for any number of folders."""
    return _fits(path.split("/"), pattern.split("/"))


def _fits(parts: list[str], patterns: list[str]) -> bool:
    if not patterns:
        return not parts
    if patterns[0] == "**":
        return any(_fits(parts[skipped:], patterns[1:]) for skipped in range(len(parts) + 1))
    return bool(parts) and _matches_name(parts[0], patterns[0]) and _fits(parts[1:], patterns[1:])


def _matches_name(name: str, pattern: str) -> bool:
    return fnmatchcase(name, pattern) and name.startswith(".") <= pattern.startswith(".")


def _step(root: Path, folder: str, part: str, seen: set[str]) -> list[str]:
    if part == "**":
        return [folder, *_folders_below(root, folder, seen)]
    if not any(sign in part for sign in "*?["):
        seen.add(_joined(folder, part))
        return [_joined(folder, part)]
    return [_joined(folder, entry.name) for entry in _entries(root, folder, seen) if _matches_name(entry.name, part)]


def _folders_below(root: Path, folder: str, seen: set[str]) -> list[str]:
    found = []
    pending = [folder]
    while pending:
        here = pending.pop()
        for entry in _entries(root, here, seen):
            if entry.is_dir(follow_symlinks=False) and not entry.name.startswith("."):
                found.append(_joined(here, entry.name))
                pending.append(found[-1])
    return found


def _entries(root: Path, folder: str, seen: set[str]) -> list[os.DirEntry[str]]:
    seen.add(folder)
    try:
        with os.scandir(root / folder) as entries:
            return list(entries)
    except OSError:
        return []


def _joined(folder: str, name: str) -> str:
    return f"{folder}/{name}".lstrip("/")


def _read(file: Path) -> str | None:
    try:
        return file.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return None


def _relative(path: str) -> None:
    if path.startswith(("/", "\\")) or ".." in path.split("/"):
        raise DevkitError(
            BAD_PATH, f"`{path}` is not a path below the project", help="use a relative path without `..`"
        )
