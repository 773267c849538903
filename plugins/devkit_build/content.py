"""The files that an image is built from, and a digest of what is in them, found quickly when little has changed."""

from __future__ import annotations

import hashlib
import os
import stat
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from devkit_build.documents import read_json, write_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from devkit_build.ignoring import Ignoring

_SETTLED = 1_000_000_000
"""Nanoseconds after its last change in which a file may change again without looking changed."""


class Content(Struct, frozen=True, kw_only=True):
    """The digest of each file and folder by path, and what files and folders looked like before they were read."""

    digests: Mapping[str, str]
    looks: Mapping[str, os.stat_result]

    def digest(self, *further: str) -> str:
        """Return one digest of all files, and of further texts that matter."""
        whole = hashlib.sha256()
        for text in (*further, *(f"{path}\0{digest}" for path, digest in sorted(self.digests.items()))):
            whole.update(text.encode("utf-8", "surrogateescape") + b"\0\n")
        return whole.hexdigest()

    def is_as_in(self, earlier: Content) -> bool:
        """Whether no file was saved since an earlier look, not even with what had been in it before."""
        return self._stamps() == earlier._stamps()

    def _stamps(self) -> dict[str, tuple[int, ...]]:
        looks = ((path, self.looks[path]) for path in self.digests)
        return {path: _stamp(look) for path, look in looks if not stat.S_ISDIR(look.st_mode)}

    def changes_since(self, earlier: Mapping[str, str]) -> list[str]:
        """Return the paths that came, went, or hold something else than at an earlier time."""
        paths = self.digests.keys() | earlier.keys()
        return sorted(path for path in paths if self.digests.get(path) != earlier.get(path))


def read_content(root: Path, ignoring: Ignoring, memory: Path | None = None) -> Content:
    """Return what a build context holds.

    `memory` is a file with what was read before: a file that looks the same is not read again.
    """
    known = _load(memory)
    digests: dict[str, str] = {}
    looks: dict[str, os.stat_result] = {}
    for path, look in walk(root, ignoring):
        looks[path] = look
        if is_sent(path, look, ignoring):
            remembered, digest = known.get(path, ((), ""))
            is_same = tuple(remembered) == _stamp(look)
            digests[path] = digest if is_same else _digest(root / path, look.st_mode)
    content = Content(digests=digests, looks=looks)
    if memory is not None:
        _store(memory, content, known)
    return content


def walk(root: Path, ignoring: Ignoring) -> Iterator[tuple[str, os.stat_result]]:
    """Return the files of a build context and the folders that were looked into, each with what it looks like."""
    folders = [""]
    while folders:
        folder = folders.pop()
        try:
            look = (root / folder).lstat()
            entries = list(os.scandir(root / folder))
        except (NotADirectoryError, FileNotFoundError):
            continue  # it went while we looked
        yield folder.rstrip("/") or ".", look
        for entry in entries:
            path = f"{folder}{entry.name}"
            if entry.is_dir(follow_symlinks=False):
                if not ignoring.leaves_out_all(path):
                    folders.append(f"{path}/")
            elif not ignoring.leaves_out(path):
                with suppress(FileNotFoundError):
                    yield path, entry.stat(follow_symlinks=False)


def is_sent(path: str, look: os.stat_result, ignoring: Ignoring) -> bool:
    """Whether a builder is sent what `walk` came by: a folder may have been looked into for an exception in it."""
    return not stat.S_ISDIR(look.st_mode) or not (path == "." or ignoring.leaves_out(path))


def _stamp(found: os.stat_result) -> tuple[int, ...]:
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino, found.st_mode


def _digest(path: Path, mode: int) -> str:
    """Return the digest of a file with its kind and permissions; no device or pipe is ever opened."""
    head = f"{mode:o} ".encode()
    try:
        if stat.S_ISLNK(mode):
            return hashlib.sha256(head + os.fsencode(os.readlink(path))).hexdigest()
        if not stat.S_ISREG(mode):
            return hashlib.sha256(head).hexdigest()
        with path.open("rb") as stream:
            whole = hashlib.sha256(head)
            while chunk := stream.read(1 << 20):
                whole.update(chunk)
            return whole.hexdigest()
    except FileNotFoundError:
        return ""


def _load(memory: Path | None) -> dict[str, Any]:
    known = read_json(memory) if memory else {}
    try:
        return {path: (stamp, digest) for path, (stamp, digest) in known.items()}
    except (ValueError, TypeError):
        return {}


def _store(memory: Path, content: Content, known: Mapping[str, Any]) -> None:
    """Remember what will not change unseen; a file that was touched a moment ago is read again next time."""
    settled = time.time_ns() - _SETTLED
    kept = {
        path: [list(_stamp(content.looks[path])), digest]
        for path, digest in content.digests.items()
        if max(content.looks[path].st_mtime_ns, content.looks[path].st_ctime_ns) < settled
    }
    if kept != {path: [list(stamp), digest] for path, (stamp, digest) in known.items()}:
        write_json(memory, kept)
