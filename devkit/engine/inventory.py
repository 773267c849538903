"""The files that patterns mean, each by its content: as git vouches for them, and read where it does not."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from devkit.engine.gitlisting import GitListing, git_listing
from devkit.engine.walking import Walk
from devkit.plan.patterns import Patterns, is_below

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from devkit.engine.digests import Digests

_SHA256 = 64


class Inventory:
    """The project's files at one moment; git is asked once, when the first patterns are looked up.

    `watched` are the paths whose marks, with git's own, tell whether anything that was answered still holds.
    """

    def __init__(self, root: Path, digests: Digests) -> None:
        self._root = root
        self._digests = digests
        self._made: dict[tuple[str, ...], dict[str, str]] = {}
        self._found: dict[tuple[str, ...], dict[str, str]] = {}
        self.watched: set[str] = set()

    @cached_property
    def listing(self) -> GitListing | None:
        """What git knows, `None` without git."""
        listing = git_listing(self._root)
        first = next(iter(listing.clean.values()), "") if listing else ""
        if len(first.partition(" ")[2]) == _SHA256:
            self._digests.algorithm = "sha256"
        return listing

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
        key = tuple(patterns)
        if key not in self._made:
            walk, chosen = Walk(self._root, is_whole=True), Patterns(key)
            paths = {path for pattern in chosen.wanted for path in walk.files(pattern) if not chosen.excludes(path)}
            self.watched |= walk.seen
            self._made[key] = self._read(paths)
        return self._made[key]

    def _read(self, paths: set[str]) -> dict[str, str]:
        found = {path: content for path in sorted(paths) if (content := self._digests.of(path)) is not None}
        self.watched |= paths | self._digests.behind
        return found

    def _loose(self, chosen: Patterns, listing: GitListing) -> Iterator[str]:
        """Yield the paths that git does not vouch for."""
        yield from filter(chosen.matches, listing.loose)
        walk = Walk(self._root)
        for folder in listing.foreign:
            if any(is_below(folder, prefix) or is_below(prefix, folder) for prefix in chosen.prefixes):
                yield from filter(chosen.matches, walk.everything(folder))
        for folder in listing.closed:
            for pattern, prefix in zip(chosen.wanted, chosen.prefixes, strict=True):
                if prefix and is_below(prefix, folder):
                    yield from filter(chosen.matches, walk.files(pattern))
        self.watched |= walk.seen

    def _walked(self, chosen: Patterns) -> Iterator[str]:
        walk = Walk(self._root)
        for pattern in chosen.wanted:
            yield from filter(chosen.matches, walk.files(pattern))
        self.watched |= walk.seen
