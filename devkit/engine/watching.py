"""Waiting for the files that tasks read to change, by looking again and again; nothing has to be installed for it."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

from devkit.engine.digests import Digests
from devkit.engine.gitlisting import read_git
from devkit.engine.inventory import Inventory
from devkit.plan.patterns import Patterns, is_below
from devkit.project.gitwords import STATUS, index_checksum
from devkit.project.marks import hold, marked

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from devkit.engine.gitlisting import GitListing

_NEVER = (".git", ".devkit")
_SHORTEST = 0.2
"""Seconds between two looks."""
_SHARE = 8
"""A look takes at most one part in so many of the time."""
_QUIET = 0.15
"""Seconds without a further change after which a burst of them is over."""
_LONGEST_BURST = 3.0
_PATIENCE = 8.0
"""Seconds that a devkit has to stop its tasks; it needs about two for those that heed no signal."""


class Watcher:
    """The files that patterns mean, but for what git ignores, what tasks make, and what git and devkit keep."""

    def __init__(
        self, root: Path, patterns: Sequence[str], outputs: Sequence[str], always: Sequence[str] = ()
    ) -> None:
        self._root = root
        self._patterns = (*patterns, *always)
        self._outputs = Patterns(outputs)
        self._always = frozenset(always)
        self._digests = Digests(root)
        self._cost = 0.0
        self._listing: GitListing | None = None
        self._marks: list[str] = []

    def look(self) -> dict[str, str]:
        """Return what is at each path that is watched."""
        began, now = time.monotonic(), time.time_ns()
        inventory = Inventory(self._root, self._digests)
        found = inventory.inputs(self._patterns)
        self._listing = inventory.listing
        ignored = self._listing.ignored if self._listing is not None else frozenset[str]()
        self._marks = marked(str(self._root), sorted(inventory.watched), now)
        self._cost = time.monotonic() - began
        return {path: content for path, content in found.items() if path not in ignored and not self._is_left(path)}

    def pause(self) -> None:
        """Wait for as long as is fit between two looks."""
        time.sleep(max(_SHORTEST, self._cost * _SHARE))

    def changes(self, before: Mapping[str, str]) -> tuple[str, ...]:
        """Return the paths that are not as they were, once they have come to rest; none when all are."""
        if self._is_same():
            return ()
        now, began = self.look(), time.monotonic()
        while time.monotonic() - began < _LONGEST_BURST:
            time.sleep(_QUIET)
            if self._is_same():
                break
            now = self.look()
        return tuple(sorted(path for path in {*before, *now} if before.get(path) != now.get(path)))

    def _is_same(self) -> bool:
        """Whether nothing changed since the last look; git says it without its index being read."""
        began = time.monotonic()
        is_same = hold(self._marks, str(self._root))
        if self._listing is not None and is_same:
            is_same = self._listing.mark == (index_checksum(str(self._root)), read_git(self._root, *STATUS))
        self._cost = time.monotonic() - began
        return is_same

    def _is_left(self, path: str) -> bool:
        if path in self._always:
            return False
        return any(is_below(path, folder) for folder in _NEVER) or self._outputs.matches(path)


class Child:
    """A devkit of its own that runs the tasks once; it has the terminal, and hears of an interrupt by itself."""

    def __init__(self, argv: Sequence[str]) -> None:
        from subprocess import Popen

        from devkit.engine.signals import WATCHED, shielded

        with shielded():
            self._process = Popen(argv, env={**os.environ, WATCHED: "1"})

    @property
    def is_running(self) -> bool:
        """Whether it has not ended yet."""
        return self._process.poll() is None

    def stop(self) -> None:
        """Have it stop what it runs, and wait for its end; one that does not end in time is killed."""
        from subprocess import TimeoutExpired

        if self.is_running:
            self._process.terminate()
        try:
            self._process.wait(_PATIENCE)
        except TimeoutExpired:
            self._process.kill()
            self._process.wait()


def own_command() -> list[str]:
    """Return how this devkit is started again."""
    import sys

    script = sys.argv[0]
    is_script = os.path.isabs(script) and os.path.isfile(script) and not script.endswith("__main__.py")
    return [sys.executable, script] if is_script else [sys.executable, "-m", "devkit"]
