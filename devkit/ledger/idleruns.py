"""Runs with nothing to do, noted in a file beside the ledger: opening a database would take longer than the run.

The next run that opens the ledger takes them in; until then readers add them. Only light modules are imported, since
such a run reads this one before anything else.
"""

import os
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FILE = ".devkit/state/idle/runs"
_PART, _FIELD = "\x1f", "\t"
_LARGEST = 1024 * 1024
"""Bytes, after which the usual way into the ledger is taken."""
_FIELDS = 4
_HEAD = 4
"""Parts of a line before the tasks: when, the command, the commit, devkit's version."""


class IdleRun:
    """A run in which all tasks were up to date: `started` in seconds since the epoch, `command` is whose run it was.

    `tasks` are name, reason, plugin and the plugin's version of each.
    """

    __slots__ = ("command", "commit", "devkit", "started", "tasks")

    def __init__(
        self, started: float, command: str, commit: str, devkit: str, tasks: "Sequence[Sequence[str]]"
    ) -> None:
        self.started = started
        self.command = command
        self.commit = commit
        self.devkit = devkit
        self.tasks = tasks


def note_idle(root: str, command: str, commit: str, devkit: str, tasks: "Sequence[str]") -> bool:
    """Note a run with nothing to do; each task is one text of four fields. Return whether that was possible."""
    line = _PART.join((repr(time.time()), command, commit, devkit, *tasks)) + "\n"
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
    try:
        handle = os.open(os.path.join(root, FILE), flags, 0o600)
        try:
            is_small = os.fstat(handle).st_size < _LARGEST
            return is_small and os.write(handle, os.fsencode(line)) > 0
        finally:
            os.close(handle)
    except OSError:
        return False


def idle_runs(root: str, path: str = FILE) -> "list[IdleRun]":
    """Return the runs that were noted, the oldest first; lines that make no sense are left out."""
    try:
        with open(os.open(os.path.join(root, path), os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0)), "rb") as file:
            text = os.fsdecode(file.read(2 * _LARGEST))
    except OSError:
        return []
    return list(_parsed(text))


def take_idle_runs(root: str) -> "list[IdleRun]":
    """Return the runs that were noted and forget them; of several takers each run has one."""
    taken = f"{FILE}.{os.getpid()}"
    try:
        os.replace(os.path.join(root, FILE), os.path.join(root, taken))
        found = idle_runs(root, taken)
        os.unlink(os.path.join(root, taken))
    except OSError:
        return []
    return found


def _parsed(text: str) -> "Iterator[IdleRun]":
    for line in text.split("\n"):
        parts = line.split(_PART)
        tasks = [part.split(_FIELD) for part in parts[_HEAD:]]
        try:
            moment = float(parts[0])
        except ValueError:
            continue
        if tasks and all(len(task) == _FIELDS for task in tasks):
            _, command, commit, devkit = parts[:_HEAD]
            yield IdleRun(moment, command, commit, devkit, tasks)
