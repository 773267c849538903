"""`devkit-rescue COMMAND…`: run a runner of hooks while what is not staged is kept in a rescue commit."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from devkit_hooks.rescue.git import Git
    from devkit_hooks.rescue.keeping import Rescue

_SIGNALLED, _INTERRUPTED = 128, 130


def main() -> int:
    """Run the words of the command line; return the exit code of the program, 128 + n when signal n ended it."""
    try:
        return guard(sys.argv[1:])
    except KeyboardInterrupt:
        return _INTERRUPTED


def guard(argv: Sequence[str]) -> int:
    """Run a program between the making of a rescue and the look whether everything is still there."""
    from devkit_hooks.rescue import keeping, snapshot
    from devkit_hooks.rescue.git import Git, GitError

    if not argv:
        sys.stderr.write("usage: devkit-rescue COMMAND [ARGUMENTS]\n")
        return 2
    if not hasattr(os, "posix_spawnp"):  # a system where no rescue is made
        import subprocess

        return subprocess.call(argv)
    git = Git(os.getcwd(), os.environ)
    try:
        rescue = snapshot.take(git, f"{os.path.basename(argv[0])} ran") if git.find() else None
        if rescue is not None:
            keeping.mark(git, rescue)
    except (GitError, OSError) as problem:
        sys.stderr.write(
            f"devkit could not keep a copy of your unstaged changes, so no hook was run: {problem}\n"
            "Without hooks: add --no-verify to the git command.\n"
        )
        return 1
    if rescue is None:
        return _replace(argv)
    code = _run(argv)
    try:
        _look(git, rescue, code)
    except (GitError, OSError) as problem:  # what was kept stays kept, and the next devkit command says so
        sys.stderr.write(f"devkit could not see whether all is as it was: {problem}\n")
    return code


def _replace(argv: Sequence[str]) -> int:
    """Become the program: there is nothing to look after."""
    try:
        os.execvp(argv[0], list(argv))  # noqa: S606 - an argument list, and no shell
    except OSError as problem:
        sys.stderr.write(f"devkit-rescue: `{argv[0]}` cannot be started: {problem.strerror}\n")
        return 127


def _run(argv: Sequence[str]) -> int:
    """Run the program to its end: Ctrl-C reaches it by itself, and being told to end is passed on to it."""
    import signal

    try:
        child = os.posix_spawnp(argv[0], list(argv), os.environ)
    except OSError as problem:
        sys.stderr.write(f"devkit-rescue: `{argv[0]}` cannot be started: {problem.strerror}\n")
        return 127

    def pass_on(number: int, _frame: object) -> None:
        try:
            os.kill(child, number)
        except ProcessLookupError:
            return

    former = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    for number, handler in former.items():
        if handler is not signal.SIG_IGN:
            signal.signal(number, pass_on if number != signal.SIGINT else lambda *_: None)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    return code if code >= 0 else _SIGNALLED - code


def _look(git: Git, rescue: Rescue, code: int) -> None:
    """Forget the rescue when everything is as it was; put it back after a runner that was ended by a signal."""
    from devkit_hooks.rescue import keeping, restoring

    if code >= _SIGNALLED:
        restoring.put_back(git, rescue)
    changed = restoring.differing(git, rescue)
    if not changed:
        keeping.drop(git, rescue.name)
        return
    sys.stderr.write(
        f"A hook has changed {_named(changed)} beside what you have not staged. As it was before:\n"
        f"    devkit hooks rescue apply {rescue.name}\n"
        f"    git restore --source={keeping.PREFIX}{rescue.name} --worktree .   (without devkit)\n"
    )
    keeping.unmark(git, rescue.name)
    keeping.prune(git)


def _named(names: list[bytes]) -> str:
    first = ascii(os.fsdecode(names[0]))[1:-1]
    return f"`{first}`" if len(names) == 1 else f"{len(names)} files"


if __name__ == "__main__":
    sys.exit(main())
