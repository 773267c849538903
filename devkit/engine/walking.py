"""Finding files by patterns on the disk, looking only into folders that a pattern can lead into."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from devkit.plan.patterns import is_entered, is_wild, matches_name, parts
from devkit.project.root import STATE_FOLDER

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Walk:
    """A look at the files below a root.

    `seen` is where files could come or go: folders that were listed, and paths that were looked up by name. With
    `is_whole`, a folder that a pattern names is taken with all that is in it, hidden or not.
    """

    def __init__(self, root: Path, *, is_whole: bool = False) -> None:
        self._root = str(root)
        self._is_whole = is_whole
        self.seen: set[str] = set()
        self._entries: dict[str, list[os.DirEntry[str]]] = {}

    def files(self, pattern: str) -> Iterator[str]:
        """Yield the paths that a pattern means, some of them perhaps twice; links to folders are not followed."""
        return self._below("", parts(pattern))

    def everything(self, folder: str) -> Iterator[str]:
        """Yield every file below a folder, or the path itself where it is none."""
        return self._below(folder, [])

    def _below(self, here: str, rest: list[str]) -> Iterator[str]:
        if not rest:
            yield from self._all(here)
        elif rest[0] == "**":
            for folder in self._folders(here):
                yield from self._below(folder, rest[1:]) if rest[1:] else self._names(folder)
        elif is_wild(rest[0]):
            for entry in self._listed(here):
                if matches_name(entry.name, rest[0]):
                    yield from self._entered(entry, _joined(here, entry.name), rest[1:])
        else:
            path = _joined(here, rest[0])
            self.seen.add(path)
            place = os.path.join(self._root, path)
            if not rest[1:] or (os.path.isdir(place) and not os.path.islink(place)):
                yield from self._below(path, rest[1:])

    def _entered(self, entry: os.DirEntry[str], path: str, rest: list[str]) -> Iterator[str]:
        is_folder = entry.is_dir(follow_symlinks=False)
        if rest and is_folder:
            yield from self._below(path, rest)
        elif not rest and not is_folder:
            yield path

    def _all(self, here: str) -> Iterator[str]:
        place = os.path.join(self._root, here)
        if os.path.isdir(place) and not (here and os.path.islink(place)):
            for folder in self._folders(here):
                yield from self._names(folder)
        elif os.path.lexists(place):
            yield here

    def _folders(self, start: str) -> Iterator[str]:
        pending = [start]
        while pending:
            here = pending.pop()
            yield here
            for entry in self._listed(here):
                path = _joined(here, entry.name)
                if entry.is_dir(follow_symlinks=False) and self._goes_into(entry.name, path):
                    pending.append(path)

    def _goes_into(self, name: str, path: str) -> bool:
        return name != ".git" and path != STATE_FOLDER and (self._is_whole or is_entered(name))

    def _names(self, folder: str) -> Iterator[str]:
        for entry in self._listed(folder):
            if not entry.is_dir(follow_symlinks=False) and (self._is_whole or not entry.name.startswith(".")):
                yield _joined(folder, entry.name)

    def _listed(self, folder: str) -> list[os.DirEntry[str]]:
        if folder not in self._entries:
            self.seen.add(folder)
            try:
                with os.scandir(os.path.join(self._root, folder)) as entries:
                    self._entries[folder] = list(entries)
            except OSError:
                self._entries[folder] = []
        return self._entries[folder]


def _joined(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name
