"""The commit that a work tree stands on, read from git's own files without starting git."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from devkit.project.gitwords import git_folder
from devkit.project.state import READ_SAFELY

if TYPE_CHECKING:
    from pathlib import Path

_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_REFERENCE = re.compile(r"refs/[^\0]+")
_LARGEST = 16 * 1024 * 1024
"""Bytes of a `packed-refs` that is still read: some two hundred thousand references."""


def head_commit(start: Path) -> str:
    """Return the full name of the commit that `start` (absolute) is checked out at.

    It is `""` where there is none yet, no repository, or one whose references are not kept in files.
    Format: gitrepository-layout(5).
    """
    folder = git_folder(os.fspath(start))
    if not folder:
        return ""
    head = _line(os.path.join(folder, "HEAD"))
    if not head.startswith("ref:"):
        return _commit(head)
    reference = head.removeprefix("ref:").strip()
    if not _REFERENCE.fullmatch(reference) or ".." in reference:
        return ""
    common = _common_folder(folder)
    found = (_commit(_line(os.path.join(place, reference))) for place in dict.fromkeys((folder, common)))
    return next(filter(None, found), "") or _packed(common, reference)


def _common_folder(folder: str) -> str:
    """Return where the references are that all work trees of a repository share."""
    return os.path.join(folder, _line(os.path.join(folder, "commondir")))


def _packed(folder: str, reference: str) -> str:
    for line in _text(os.path.join(folder, "packed-refs")).splitlines():
        commit, _, name = line.partition(" ")
        if name == reference:
            return _commit(commit)
    return ""


def _commit(text: str) -> str:
    return text if _COMMIT.fullmatch(text) else ""


def _line(path: str) -> str:
    return _text(path).partition("\n")[0].strip()


def _text(path: str) -> str:
    try:
        with open(os.open(path, READ_SAFELY), "rb") as file:
            return file.read(_LARGEST).decode("utf-8", "surrogateescape")
    except (OSError, ValueError):
        return ""
