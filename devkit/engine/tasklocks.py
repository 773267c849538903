"""A task's own lock on its outputs, held until it and all that it started has ended."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import TYPE_CHECKING

from devkit.api.blaming import blamed
from devkit.engine.group import Stopped
from devkit.engine.inside import Inside
from devkit.engine.lock import holder, note_holder, open_lock, try_lock, unlock
from devkit.engine.statefolder import make_state_folder
from devkit.project.root import STATE_FOLDER

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from devkit.api.tasks import Task
    from devkit.engine.pump import IsStopped

OnWait = Callable[["Task", str], None]
LOCKS = f"{STATE_FOLDER}/locks"
_INTERVAL = 0.05
_TRIES = 10


@contextmanager
def outputs_locked(root: Path, task: Task, on_wait: OnWait, is_stopped: IsStopped) -> Iterator[Sequence[int]]:
    """Hold the lock of each output of a task for the block; yield the open files that the task's programs inherit.

    With these, what a killed devkit left running goes on holding the locks, and nobody makes the same beside it.
    Where another process (or another task) holds one, `on_wait` hears of the task and of who does, and it is waited
    for. Raises `Stopped`. Outputs are locked in the order of their names: two tasks never wait for each other.
    """
    with ExitStack() as held:
        handles: Sequence[int] = ()
        if task.outputs:
            with blamed(LOCKS):
                handles = _lock_all(held, root, task, on_wait, is_stopped)
        yield () if os.name == "nt" else handles


def _lock_all(held: ExitStack, root: Path, task: Task, on_wait: OnWait, is_stopped: IsStopped) -> list[int]:
    inside = held.enter_context(Inside(root))
    _make_folder(inside)
    handles = []
    for output in sorted(set(task.outputs)):
        handle = open_lock(inside, f"{LOCKS}/{hashlib.sha256(output.encode()).hexdigest()[:20]}")
        held.callback(unlock, handle)
        _take(handle, partial(on_wait, task), is_stopped)
        note_holder(handle, f"run {task.name}")
        handles.append(handle)
    return handles


def _make_folder(inside: Inside) -> None:
    """Make the folder of the locks; a run that fails may meanwhile take away the one above it, which it had made."""
    for left in reversed(range(_TRIES)):
        try:
            make_state_folder(inside)
            inside.make_folder(LOCKS)
        except FileNotFoundError:
            if not left:
                raise
        else:
            return


def _take(handle: int, on_wait: Callable[[str], None], is_stopped: IsStopped) -> None:
    if try_lock(handle):
        return
    on_wait(holder(handle))
    while not try_lock(handle):
        if is_stopped():
            raise Stopped
        time.sleep(_INTERVAL)
