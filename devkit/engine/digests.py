"""The contents of files by name, as git names them: read once, then remembered by their stat data."""

from __future__ import annotations

import hashlib
import os
import stat
import time
from typing import TYPE_CHECKING

from devkit.plan.freshness import UNREADABLE
from devkit.project.marks import has_settled, mark_of
from devkit.project.state import READ_SAFELY

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_CHUNK = 1024 * 1024
_TRIES = 3


class Digests:
    """What is at paths below a root: mode and blob id, as in git's index.

    What was read is remembered in `known` by its mark, unless it changed so lately that another change could hide
    behind the same mark. `behind` are the places that links led to, absolute.
    """

    def __init__(
        self, root: Path, known: dict[str, tuple[str, str]] | None = None, clock: Callable[[], int] = time.time_ns
    ) -> None:
        self._root = str(root)
        self._clock = clock
        self.known = known if known is not None else {}
        self.behind: set[str] = set()
        self.algorithm = "sha1"
        self.reads = 0
        """Files that had to be read."""

    def of(self, path: str) -> str | None:
        """Return mode and blob id of the file at a path, `None` where there is none."""
        place = os.path.join(self._root, path)
        try:
            found = os.lstat(place)
        except (OSError, ValueError):
            return None
        if stat.S_ISLNK(found.st_mode):
            return self._link(place)
        if not stat.S_ISREG(found.st_mode):
            return None if stat.S_ISDIR(found.st_mode) else f"special {stat.S_IFMT(found.st_mode):o}"
        return self._regular(path, place, found)

    def _link(self, place: str) -> str | None:
        """Return what a link stands for: where it points to, and what is there when that is a file."""
        target = _target(place)
        self.behind.update(_hops(place))
        try:
            behind = os.stat(place)
        except OSError:
            behind = None
        own = f"120000 {self._blob(os.fsencode(target))}"
        if behind is None or not stat.S_ISREG(behind.st_mode):
            return own
        return f"{own} {self._regular(os.path.realpath(place), os.path.realpath(place), behind)}"

    def _regular(self, path: str, place: str, found: os.stat_result) -> str:
        key = f"{self.algorithm} {mark_of(found)}"
        known = self.known.get(path)
        if known is not None and known[0] == key:
            return known[1]
        self.known.pop(path, None)
        began = self._clock()
        mode = "100755" if found.st_mode & stat.S_IXUSR else "100644"
        try:
            content, after = self._read(place)
        except OSError:
            return UNREADABLE
        if mark_of(after) == mark_of(found) and has_settled(mark_of(found), began):
            self.known[path] = (key, f"{mode} {content}")
        return f"{mode} {content}"

    def _read(self, place: str) -> tuple[str, os.stat_result]:
        """Return the blob id of a file, and its stat data from after it was read."""
        self.reads += 1
        with open(os.open(place, READ_SAFELY), "rb") as file:
            for _ in range(_TRIES):  # the size goes first: a file that grows meanwhile is read again
                size = os.fstat(file.fileno()).st_size
                digest = hashlib.new(self.algorithm, b"blob %d\0" % size, usedforsecurity=False)
                count = 0
                while chunk := file.read(_CHUNK):
                    digest.update(chunk)
                    count += len(chunk)
                after = os.fstat(file.fileno())
                if count == size == after.st_size:
                    break
                file.seek(0)
            return digest.hexdigest(), after

    def _blob(self, content: bytes) -> str:
        return hashlib.new(self.algorithm, b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def _hops(place: str) -> list[str]:
    """Return where a link leads, and where that leads if it is one too."""
    found: list[str] = []
    while (target := _target(place)) and place not in found[:-1]:
        place = os.path.normpath(os.path.join(os.path.dirname(place), target))
        found.append(place)
    return found


def _target(place: str) -> str:
    """Return what a link holds, `""` for anything else."""
    try:
        return os.readlink(place)
    except OSError:
        return ""
