"""Child processes: started without a shell, in a group of their own, never left behind."""

from __future__ import annotations

import os
from contextlib import ExitStack, contextmanager
from signal import Signals
from typing import TYPE_CHECKING

from msgspec import Struct

from devkit.engine.group import Stopped, has_group, stop_group
from devkit.engine.pump import Tail, pump
from devkit.engine.signals import shielded
from devkit.errors import TASK_FAILED, TOOL_MISSING, DevkitError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path
    from subprocess import Popen

    from devkit.engine.pump import IsStopped, OnText

KEPT = 8 * 1024 * 1024
"""Bytes of each stream that are kept; of more, the end."""
GIT_VARIABLES = frozenset({
    "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_COMMON_DIR", "GIT_CONFIG", "GIT_DIR",
    "GIT_GRAFT_FILE", "GIT_IMPLICIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_INTERNAL_SUPER_PREFIX",
    "GIT_NAMESPACE", "GIT_NO_REPLACE_OBJECTS", "GIT_OBJECT_DIRECTORY", "GIT_PREFIX",
    "GIT_QUARANTINE_PATH", "GIT_REFLOG_ACTION", "GIT_REPLACE_REF_BASE", "GIT_SHALLOW_FILE",
    "GIT_WORK_TREE",
})  # fmt: skip
"""What git sets for its hooks, and what would lead a child that works elsewhere to the hook's repository."""


class Completed(Struct, frozen=True, kw_only=True):
    """A process that ended: its code (128 + n for signal n, whose name is in `signal`) and the end of its output.

    `left_others`: it had left processes of its group behind, which were stopped.
    """

    code: int
    stdout: str
    stderr: str
    signal: str = ""
    is_truncated: bool = False
    left_others: bool = False


def run_process(
    argv: Sequence[str],
    *,
    cwd: Path,
    env: Mapping[str, str] | None = None,
    on_text: OnText | None = None,
    stdin: bytes | None = None,
    keep: int = KEPT,
    keeps_git_variables: bool = False,
    is_stopped: IsStopped | None = None,
    handles: Sequence[int] = (),
) -> Completed:
    """Run a program to its end; `on_text(stream, text)` hears `"stdout"` and `"stderr"`, whole lines as they come.

    `env` is the whole environment (`None`: that of devkit), less git's own variables. `stdin` is what the program
    reads; nothing, when it is `None`. `keep` is the number of bytes kept of each stream. When the run is
    interrupted, or `on_text` raises, the program and its children are stopped first. Raises `TOOL_MISSING`.

    With `is_stopped` the program is part of a task: `Stopped` is raised once that says so, and what the program left
    behind in its group is stopped when it has ended. `handles` are open files that it inherits.
    """
    if is_stopped is not None and is_stopped():
        raise Stopped
    surroundings = dict(os.environ if env is None else env)
    if not keeps_git_variables:
        surroundings = {name: value for name, value in surroundings.items() if name not in GIT_VARIABLES}
    tails = {"stdout": Tail(keep), "stderr": Tail(keep)}
    with ExitStack() as at_the_end:
        with shielded():  # a signal between the start and what follows would leave a child that nobody knows
            process = start_process(argv, cwd, surroundings, has_input=stdin is not None, handles=handles)
            at_the_end.enter_context(_stopping(process))
        pump(process, stdin or b"", tails, on_text, is_stopped or _never)
        process.wait()
        left_others = is_stopped is not None and has_group(process)
        if left_others:
            stop_group(process)
    return _completed(process.returncode, tails, left_others=left_others)


def find_program(name: str, path: str) -> str | None:
    """Return where a program is; relative folders of PATH do not count, since a project could be there."""
    import shutil

    if os.path.dirname(name):
        return name
    return shutil.which(
        name, path=os.pathsep.join(folder for folder in path.split(os.pathsep) if os.path.isabs(folder))
    )


@contextmanager
def _stopping(process: Popen[bytes]) -> Iterator[None]:
    """Stop a process when the block fails, and close its pipes."""
    with process:
        try:
            yield
        except BaseException:
            stop_group(process)
            raise


def start_process(
    argv: Sequence[str],
    cwd: Path,
    env: Mapping[str, str],
    *,
    has_input: bool = False,
    handles: Sequence[int] = (),
) -> Popen[bytes]:
    """Start a program in a session of its own, its output in pipes; TOOL_MISSING when that cannot be done."""
    from subprocess import DEVNULL, PIPE, Popen

    program = find_program(argv[0], env.get("PATH", os.defpath))
    if program is None:
        raise _missing(argv[0], "is not on PATH")
    try:
        return Popen(
            [program, *argv[1:]],
            cwd=cwd,
            env=env,
            stdin=PIPE if has_input else DEVNULL,
            stdout=PIPE,
            stderr=PIPE,
            bufsize=0,
            start_new_session=True,
            pass_fds=handles,
        )
    except OSError as problem:
        if not os.path.isdir(cwd):
            message = f"`{argv[0]}` cannot run in `{cwd}`: there is no such folder"
            raise DevkitError(TASK_FAILED, message, help="make it, or mend the `cwd` of the task") from problem
        raise _missing(argv[0], f"cannot be started: {problem.strerror}") from problem


def exit_code(status: int) -> int:
    """Return the exit code of a process that ended with a status of Python's: 128 + n for signal n."""
    return status if status >= 0 else 128 - status


def signal_words(code: int) -> str:
    """Return the name of the signal that an exit code stands for, in brackets; nothing for any other."""
    try:
        return f" ({Signals(code - 128).name})"
    except ValueError:
        return ""


def _missing(name: str, reason: str) -> DevkitError:
    return DevkitError(TOOL_MISSING, f"`{name}` {reason}", help=f"install `{os.path.basename(name)}`, or mend PATH")


def _never() -> bool:
    return False


def _completed(status: int, tails: Mapping[str, Tail], *, left_others: bool) -> Completed:
    return Completed(
        code=exit_code(status),
        signal=_signal_name(-status) if status < 0 else "",
        stdout=tails["stdout"].text,
        stderr=tails["stderr"].text,
        is_truncated=any(tail.is_truncated for tail in tails.values()),
        left_others=left_others,
    )


def _signal_name(number: int) -> str:
    try:
        return Signals(number).name
    except ValueError:  # real-time signals have no names
        return f"signal {number}"
