"""The files that patterns mean, each by its content: as git vouches for them, and read where it does not."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from devkit.engine.gitlisting import GitListing, git_listing
from devkit.plan.patterns import Patterns, is_below
from devkit.project.root import STATE_FOLDER

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from devkit.engine.digests import Digests

_NOT_ENTERED = frozenset({".git", "__pycache__", "node_modules"})
_SHA256 = 64


class Inventory:
    """The project's files at one moment; git is asked once, when the first patterns are looked up."""

    def __init__(self, root: Path, digests: Digests) -> None:
        self._root = root
        self._digests = digests
        self._listing: GitListing | None = None
        self._is_listed = False
        self._found: dict[tuple[str, ...], dict[str, str]] = {}

    @property
    def listing(self) -> GitListing | None:
        """What git knows, `None` without git."""
        if not self._is_listed:
            self._is_listed = True
            self._listing = git_listing(self._root)
            first = next(iter(self._listing.clean.values()), "") if self._listing else ""
            if len(first.partition(" ")[2]) == _SHA256:
                self._digests.algorithm = "sha256"
        return self._listing

    def inputs(self, patterns: Sequence[str]) -> dict[str, str]:
        """Return what is at each path that patterns mean; a wildcard does not lead into a folder that git ignores."""
        key = tuple(patterns)
        if key not in self._found:
            chosen, listing = Patterns(key), self.listing
            if listing is None:
                found = self._read(set(self._walked(chosen)))
            else:
                found = {path: content for path, content in listing.clean.items() if chosen.matches(path)}
                found |= self._read(set(self._loose(chosen, listing)))
            self._found[key] = found
        return self._found[key]

    def outputs(self, patterns: Sequence[str]) -> dict[str, str]:
        """Return what is at each path that patterns mean, whatever git thinks of it."""
        return self._read(set(self._walked(Patterns(patterns), is_output=True)))

    def _read(self, paths: set[str]) -> dict[str, str]:
        found = ((path, self._digests.of(path)) for path in sorted(paths))
        return {path: content for path, content in found if content is not None}

    def _loose(self, chosen: Patterns, listing: GitListing) -> Iterator[str]:
        """Yield the paths that git does not vouch for."""
        yield from filter(chosen.matches, listing.loose)
        for folder in listing.foreign:
            if any(is_below(folder, prefix) or is_below(prefix, folder) for prefix in chosen.prefixes):
                yield from filter(chosen.matches, _files_below(self._root, folder))
        for folder in listing.closed:
            for prefix in chosen.prefixes:
                if prefix and is_below(prefix, folder):
                    yield from filter(chosen.matches, _files_below(self._root, prefix))

    def _walked(self, chosen: Patterns, *, is_output: bool = False) -> Iterator[str]:
        for prefix in chosen.prefixes:
            for path in _files_below(self._root, prefix, is_output=is_output):
                if chosen.matches(path) or (is_output and prefix in chosen.wanted and is_below(path, prefix)):
                    yield path


def _files_below(root: Path, start: str, *, is_output: bool = False) -> Iterator[str]:
    """Yield a file, or everything below a folder that is no folder; links to folders are not followed."""
    place = os.path.join(root, start)
    if not os.path.isdir(place) or (os.path.islink(place) and start):
        if os.path.lexists(place):
            yield start
        return
    pending = [start]
    while pending:
        here = pending.pop()
        try:
            entries = list(os.scandir(os.path.join(root, here)))
        except OSError:
            continue
        for entry in entries:
            path = f"{here}/{entry.name}" if here else entry.name
            if not entry.is_dir(follow_symlinks=False):
                yield path
            elif is_output or (entry.name not in _NOT_ENTERED and path != STATE_FOLDER):
                pending.append(path)
