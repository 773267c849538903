"""Marks of files and folders that tell later, without reading them, that nothing changed; racy edits are not missed.

Nothing but `os` is imported: the check of a run with nothing to do reads it before anything else.
"""

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

ABSENT = "-"
SETTLING = 2_000_000_000
"""Nanoseconds in which a second change may leave the same time stamp, on the coarsest of file systems."""


def mark(path: str) -> str:
    """Return what stat says of a path itself: times, inode, size and mode; `-` when nothing is there."""
    try:
        found = os.lstat(path)
    except (OSError, ValueError):
        return ABSENT
    return mark_of(found)


def mark_of(found: os.stat_result) -> str:
    """Return stat data as text; the time of the change of the inode is in it, which no program sets at will."""
    return f"{found.st_mtime_ns} {found.st_ctime_ns} {found.st_ino} {found.st_size} {found.st_mode:o}"


def has_settled(known: str, now: int) -> bool:
    """Whether a path changed long enough before `now` (ns) that another change must have left another mark."""
    if known == ABSENT:
        return True
    modified, changed = known.split(" ", 2)[:2]
    return max(int(modified), int(changed)) < now - SETTLING


def marked(root: str, paths: "Iterable[str]", now: int) -> list[str]:
    """Return a line for each path below a root, or absolute, that `hold` can check later; new content is read."""
    lines = []
    for path in paths:
        place = os.path.join(root, path)
        known = mark(place)
        lines.append(f"{known}\t{'' if has_settled(known, now) else content(place)}\t{path}")
    return lines


def hold(lines: "Sequence[str]", root: str) -> bool:
    """Return whether each path is as it was when it was marked."""
    for line in lines:
        known, read, path = line.split("\t", 2)
        place = os.path.join(root, path)
        if mark(place) != known or (read and content(place) != read):
            return False
    return True


def content(path: str) -> str:
    """Return a digest of what a path holds: a file its bytes, a folder its names, a link where it points to."""
    from devkit.project.fingerprints import fingerprint

    try:
        if os.path.islink(path):
            return fingerprint(os.fsencode(os.readlink(path)))
        if os.path.isdir(path):
            return fingerprint(b"\0".join(sorted(map(os.fsencode, os.listdir(path)))))
        if not os.path.isfile(path):
            return "other"
        with open(path, "rb") as file:
            return fingerprint(file.read())
    except OSError:
        return "unreadable"
