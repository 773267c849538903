"""The fingerprint of a folder of code: where it is, and every file in it."""

from __future__ import annotations

import hashlib
import os
import stat
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_LEFT_OUT = {"__pycache__", ".git"}
"""Folders that nothing is loaded from, and that change without anybody's doing."""


def fingerprint(folder: Path, location: str = "") -> str:
    """Return a digest of a folder: its location, and for each file path, executable bit and content.

    `location` is the URL that the folder was fetched from; for any other folder its own path counts, both as it
    was given and as it really is, so that neither a link nor a moved folder passes for it. A link counts by where
    it points to, and anything that is not a file by its kind: it is never opened.
    """
    digest = hashlib.sha256()
    where = location or f"{os.path.abspath(folder)}\0{os.path.realpath(folder)}"
    _add(digest, "location", where.encode("utf-8", "surrogateescape"))
    for path in code_files(folder):
        _add(digest, path, *_described(os.path.join(folder, path)))
    return digest.hexdigest()


def code_files(folder: Path) -> tuple[str, ...]:
    """Return the files of a folder that count, relative to it and sorted."""
    return tuple(sorted(_walk(os.fspath(folder))))


def has_links(folder: Path) -> bool:
    """Return whether anything in a folder is a link: what it leads to is not covered by the fingerprint."""
    return any(os.path.islink(os.path.join(folder, path)) for path in code_files(folder))


def _walk(folder: str) -> Iterator[str]:
    pending = [""]
    while pending:
        above = pending.pop()
        with os.scandir(os.path.join(folder, above)) as entries:
            for entry in entries:
                if not entry.is_dir(follow_symlinks=False):
                    yield above + entry.name
                elif entry.name not in _LEFT_OUT:
                    pending.append(f"{above}{entry.name}/")


def _described(path: str) -> tuple[bytes, bytes]:
    found = os.lstat(path)
    if stat.S_ISLNK(found.st_mode):
        return b"link", os.fsencode(os.readlink(path))
    if not stat.S_ISREG(found.st_mode):
        return b"other", b""
    with open(path, "rb") as opened:
        content = hashlib.file_digest(opened, "sha256").digest()
    return b"program" if found.st_mode & stat.S_IXUSR else b"file", content


def _add(digest: hashlib._Hash, name: str, *parts: bytes) -> None:
    """Add parts with their lengths, so that no two lists of parts look alike."""
    for part in (name.encode("utf-8", "surrogateescape"), *parts):
        digest.update(b"%d:" % len(part))
        digest.update(part)
