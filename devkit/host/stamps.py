"""Stat data that tells whether a file or folder is still the one that was read.

The fast path of `devkit --help` reads it, so it imports nothing but `os`.
"""

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

ABSENT = "-"
_SETTLING = 2_000_000_000
"""Nanoseconds in which a second change may leave the same time stamp, on the coarsest of file systems."""


def stamp(path: str) -> str:
    """Return the time of the last change, inode and size of a path, as text; `-` when nothing is there."""
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return ABSENT
    return f"{found.st_mtime_ns} {found.st_ino} {found.st_size}"


def stamped(paths: "Iterable[str]") -> list[str]:
    """Return a line for each path that `are_current` can check later."""
    return [f"{stamp(path)}\t{path}" for path in paths]


def are_current(lines: "Sequence[str]") -> bool:
    """Return whether each path still has the stamp that it had."""
    for line in lines:
        known, _, path = line.partition("\t")
        if stamp(path) != known:
            return False
    return True


def have_settled(lines: "Sequence[str]", *, since: int, until: int) -> bool:
    """Return whether no path changed so shortly before or while it was read that a stamp could hide a change.

    `since` and `until` are when reading began and ended, in nanoseconds of the system's clock.
    """
    times = (int(line.partition(" ")[0]) for line in lines if not line.startswith(ABSENT))
    return not any(since - _SETTLING <= changed <= until for changed in times)
