"""What git knows of the files below a folder: what its index and its status say, as bytes."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from devkit.project.gitwords import SAFE, STATUS, environment, index_checksum
from devkit.project.root import STATE_FOLDER, git_top

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_INDEX = ("git", *SAFE, "--literal-pathspecs", "ls-files", "--stage", "-v", "-z", "--", ".")
_LINK, _MODULE = b"120000", b"160000"
_FIELDS = {b"1": 8, b"u": 10}
"""Fields before the path in a line of the status, by the line's kind: git-status(1), porcelain format version 2."""


class GitListing(Struct, frozen=True):
    """The files below a folder: `clean` by path with mode and blob id, for which git vouches.

    `loose` are paths that have to be looked at: modified, untracked, ignored one by one, links, and what git was told
    not to look at. `ignored` are those of them that git ignores, `closed` whole folders that it does, `foreign` the
    folders of other repositories. `mark` tells this state of git from any other, unless it changed meanwhile: the
    index's checksum, and the answer of the status.
    """

    clean: Mapping[str, str] = field(default_factory=dict)
    loose: frozenset[str] = frozenset()
    ignored: frozenset[str] = frozenset()
    closed: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()
    mark: tuple[str, bytes] | None = None

    def folders(self, root: Path) -> Iterator[str]:
        """Yield the folders in which git would tell of a file that comes up, relative to the root, which is `.`."""
        left_out = {*self.closed, *self.foreign, STATE_FOLDER}
        pending = ["."]
        while pending:
            here = pending.pop()
            yield here
            below = (os.path.normpath(f"{here}/{name}") for name in _folders_in(os.path.join(root, here)))
            pending += [path for path in below if path not in left_out]


def read_git(root: Path, *argv: str) -> bytes | None:
    """Return what git says in a folder; `None` where there is no git, no repository, or git refuses."""
    import subprocess

    try:
        done = subprocess.run(
            argv,
            cwd=root,
            env=environment(),
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
    checksum = index_checksum(str(root))
    status = read_git(root, *STATUS)  # before the index, so that what changes in between is looked at again
    index = read_git(root, *_INDEX) if status is not None else None
    if status is None or index is None:
        return None
    prefix = os.path.relpath(os.path.realpath(root), os.path.realpath(top)).replace(os.sep, "/")
    listing = listing_of(index, status, b"" if prefix == "." else os.fsencode(prefix) + b"/")
    is_whole = checksum == index_checksum(str(root))
    return replace(listing, mark=(checksum, status) if is_whole else None)


def ignoring_files(root: Path) -> list[str]:
    """Return the files outside of a folder that say what git ignores in it, there or not, by absolute paths."""
    home, own = os.path.expanduser("~"), os.environ.get("XDG_CONFIG_HOME", "")
    folder = os.path.join(own or os.path.join(home, ".config"), "git")
    ours = (read_git(root, "git", "rev-parse", "--git-path", name) for name in ("config", "info/exclude"))
    chosen = read_git(root, "git", "config", "--path", "--get", "core.excludesFile")
    said = [os.fsdecode(path).rstrip("\n") for path in (*ours, chosen) if path]
    users = [os.path.join(home, ".gitconfig"), os.path.join(folder, "config"), os.path.join(folder, "ignore")]
    top = git_top(root) or root
    above = [os.path.join(each, ".gitignore") for each in root.parents if each.is_relative_to(top)]
    return [*(os.path.join(root, path) for path in said), *users, *above]


def listing_of(index: bytes, status: bytes, prefix: bytes = b"") -> GitListing:
    """Return the listing that git's own words make; the status names paths from the top, below `prefix`."""
    clean = dict[str, str]()
    loose, ignored, closed, foreign = _status(status, prefix)
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
    return GitListing(clean, frozenset(loose), frozenset(ignored), tuple(closed), tuple(foreign))


def _status(status: bytes, prefix: bytes) -> tuple[set[str], set[str], list[str], list[str]]:
    """Return the paths that are not as in the index, the ignored ones of them, and folders: ignored, of others."""
    loose, ignored, closed, foreign = set[str](), set[str](), list[str](), list[str]()
    for kind, state, name in _entries(status):
        path = os.fsdecode(name.removeprefix(prefix))
        if path.endswith("/"):
            (closed if kind == b"!" else foreign).append(path.rstrip("/"))
        elif kind != b"1" or state[1:] != b".":
            loose.add(path)
            if kind == b"!":
                ignored.add(path)
    return loose, ignored, closed, foreign


def _folders_in(folder: str) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            return [each.name for each in entries if each.name != ".git" and each.is_dir(follow_symlinks=False)]
    except OSError:
        return []


def _entries(status: bytes) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Yield kind, state (of changed entries) and path of each line."""
    for line in status.split(b"\0"):
        kind, _, rest = line.partition(b" ")
        if kind in {b"?", b"!"}:
            yield kind, b"", rest
        elif kind in _FIELDS:
            fields = rest.split(b" ", _FIELDS[kind] - 1)
            yield kind, fields[0], fields[-1]
