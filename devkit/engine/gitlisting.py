"""What git knows of the files below a folder: what its index and its status say, as bytes."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from devkit.engine.git import SAFE
from devkit.engine.process import GIT_VARIABLES
from devkit.project.root import git_top

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

STATUS = (
    *("status", "--porcelain=v2", "-z", "--untracked-files=all", "--ignored=matching"),
    *("--no-renames", "--ignore-submodules=all", "--", "."),
)
_INDEX = ("ls-files", "--stage", "-v", "-z", "--", ".")
_LINK, _MODULE = b"120000", b"160000"
_FIELDS = {b"1": 8, b"u": 10}
"""Fields before the path in a line of the status, by the line's kind: git-status(1), porcelain format version 2."""


@dataclass(frozen=True, slots=True)
class GitListing:
    """The files below a folder: `clean` by path with mode and blob id, for which git vouches.

    `loose` are paths that have to be looked at: modified, untracked, ignored one by one, links, and what git was told
    not to look at. `changed` are those of them that differ from the last commit, `ignored` those that git ignores.
    `closed` are ignored folders, `foreign` the folders of other repositories.
    """

    clean: Mapping[str, str] = field(default_factory=dict)
    loose: frozenset[str] = frozenset()
    changed: frozenset[str] = frozenset()
    closed: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()


def read_git(root: Path, *words: str) -> bytes | None:
    """Return what git says in a folder; `None` where there is no git, no repository, or git refuses."""
    import subprocess

    own = {name: value for name, value in os.environ.items() if name not in GIT_VARIABLES}
    own |= {"LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"}
    try:
        done = subprocess.run(
            ["git", *SAFE, "--literal-pathspecs", *words],
            cwd=root,
            env=own,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            check=False,
        )
    except OSError:
        return None
    return done.stdout if done.returncode == 0 else None


def git_listing(root: Path) -> GitListing | None:
    """Return what git knows of the files below `root`; `None` where it knows nothing."""
    top = git_top(root)
    if top is None:
        return None
    status = read_git(root, *STATUS)  # before the index, so that what changes in between is looked at again
    index = read_git(root, *_INDEX) if status is not None else None
    if status is None or index is None:
        return None
    prefix = os.path.relpath(os.path.realpath(root), os.path.realpath(top)).replace(os.sep, "/")
    return listing_of(index, status, b"" if prefix == "." else os.fsencode(prefix) + b"/")


def listing_of(index: bytes, status: bytes, prefix: bytes = b"") -> GitListing:
    """Return the listing that git's own words make; the status names paths from the top, below `prefix`."""
    modified, changed, ignored, closed, foreign = _status(status, prefix)
    clean, loose = {}, modified | ignored
    for line in index.split(b"\0"):
        head, _, name = line.partition(b"\t")
        if not name:
            continue
        tag, mode, blob, stage = head.split(b" ")
        path = os.fsdecode(name)
        if mode == _MODULE:
            foreign.append(path)
        elif tag != b"H" or mode == _LINK or stage != b"0":
            loose.add(path)
        else:
            clean[path] = f"{mode.decode()} {blob.decode()}"
    for path in loose:
        clean.pop(path, None)
    return GitListing(clean, frozenset(loose), frozenset(changed), tuple(closed), tuple(foreign))


def _status(status: bytes, prefix: bytes) -> tuple[set[str], set[str], set[str], list[str], list[str]]:
    """Return paths that differ from the index, from the commit, ignored ones, and folders of both kinds."""
    modified, changed, ignored = set[str](), set[str](), set[str]()
    closed, foreign = list[str](), list[str]()
    for kind, state, name in _entries(status):
        path = os.fsdecode(name.removeprefix(prefix))
        if path.endswith("/"):
            (closed if kind == b"!" else foreign).append(path.rstrip("/"))
        elif kind == b"!":
            ignored.add(path)
        else:
            changed.add(path)
            if kind in {b"?", b"u"} or state[1:] != b".":
                modified.add(path)
    return modified, changed, ignored, closed, foreign


def _entries(status: bytes) -> Iterator[tuple[bytes, bytes, bytes]]:
    for line in status.split(b"\0"):
        kind, _, rest = line.partition(b" ")
        if kind in {b"?", b"!"}:
            yield kind, b"", rest
        elif kind in _FIELDS:
            fields = rest.split(b" ", _FIELDS[kind] - 1)
            yield kind, fields[0], fields[-1]
