"""Asking git: children without the module `subprocess`, which would take as long to import as git takes to answer."""

import os

from .problems import Refusal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import BinaryIO

_ALWAYS = ("--literal-pathspecs", "-c", "core.fsmonitor=false")
"""File names are names; and a program that the repository's configuration names is never started."""

_HAS_SPAWN = hasattr(os, "posix_spawnp")


class Child:
    """A running git."""

    __slots__ = ("_pid", "_process", "arguments", "input", "output")

    def __init__(
        self, arguments: "Sequence[str | bytes]", *, has_input: bool = False, is_quiet: bool = False
    ) -> None:
        self.arguments = arguments
        self._pid = 0
        argv: list[str | bytes] = ["git", *_ALWAYS, *arguments]
        self.input: BinaryIO | None = None
        if _HAS_SPAWN:
            self._spawn(argv, has_input, is_quiet)
        else:
            self._popen(argv, has_input, is_quiet)

    def _spawn(self, argv: "list[str | bytes]", has_input: bool, is_quiet: bool) -> None:
        answer, end = os.pipe()
        actions: list[tuple[int, int, int] | tuple[int, int, str, int, int]] = [(os.POSIX_SPAWN_DUP2, end, 1)]
        source = None
        if has_input:
            source, sink = os.pipe()
            actions.append((os.POSIX_SPAWN_DUP2, source, 0))
            self.input = open(sink, "wb", buffering=0)  # noqa: SIM115 - closed by end()
        if is_quiet:
            actions.append((os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0))
        try:
            self._pid = os.posix_spawnp("git", argv, os.environ, file_actions=actions)
        except FileNotFoundError:
            raise Refusal("git is not on the search path") from None
        finally:
            os.close(end)
            if source is not None:
                os.close(source)
        self.output: BinaryIO = open(answer, "rb", buffering=1 << 18)  # noqa: SIM115 - closed by end()

    def _popen(self, argv: "list[str | bytes]", has_input: bool, is_quiet: bool) -> None:
        import subprocess

        source = subprocess.PIPE if has_input else subprocess.DEVNULL
        errors = subprocess.DEVNULL if is_quiet else None
        words = [os.fsdecode(word) for word in argv]
        self._process = subprocess.Popen(words, stdin=source, stdout=subprocess.PIPE, stderr=errors)
        self.input, self.output = self._process.stdin, self._process.stdout  # type: ignore[assignment]

    def end(self) -> int:
        """Close the pipes, wait, and return the exit code."""
        if self.input:
            self.input.close()
        self.output.close()
        if not _HAS_SPAWN:
            return self._process.wait()
        _, status = os.waitpid(self._pid, 0)
        return os.waitstatus_to_exitcode(status)

    def answer(self) -> bytes:
        """Return everything that git says, or refuse when it fails."""
        said = self.output.read()
        code = self.end()
        if code:
            raise Refusal(f"`git {os.fsdecode(self.arguments[0])}` failed with {code}; its message is above")
        return said


def run(*arguments: str | bytes) -> bytes:
    """Return what git says."""
    return Child(arguments).answer()


class Place:
    """Where the repository is: the top of the work tree, git's folder for all work trees, and its objects."""

    __slots__ = ("common", "objects", "prefix", "top")

    def __init__(self) -> None:
        here = os.getcwd()
        folder = os.environ.get("GIT_DIR") or ""
        self.top = here  # where git runs its hooks
        if not folder:
            self.top, folder = _look_upward(here)
        self.prefix = os.path.relpath(here, self.top)
        self.common = os.path.join(folder, _line(os.path.join(folder, "commondir")))
        self.objects = os.environ.get("GIT_OBJECT_DIRECTORY") or os.path.join(self.common, "objects")

    def enter(self) -> None:
        """Work from the top, where all names of git start."""
        if self.prefix != ".":
            os.chdir(self.top)

    def name(self, word: str) -> bytes:
        """Return a name of the command line as git knows it."""
        if self.prefix == "." and not os.path.isabs(word) and os.path.normpath(word) == word:
            return os.fsencode(word)
        return os.fsencode(os.path.relpath(os.path.join(self.top, self.prefix, word), self.top).replace(os.sep, "/"))


def _look_upward(here: str) -> tuple[str, str]:
    folder = here
    while True:
        found = os.path.join(folder, ".git")
        if os.path.isdir(found):
            return folder, found
        if os.path.isfile(found):  # a linked work tree or a submodule
            return folder, os.path.join(folder, _line(found).removeprefix("gitdir:").strip())
        if folder == os.path.dirname(folder):
            raise Refusal("this is not the work tree of a git repository")
        folder = os.path.dirname(folder)


def _line(path: str) -> str:
    try:
        with open(path, "rb") as file:
            return os.fsdecode(file.readline()).rstrip("\r\n")
    except OSError:
        return ""


def asked(*words: str) -> tuple[int, bytes]:
    """Return exit code and answer of git; the answer is read, for git must not die of a closed pipe."""
    child = Child(words, is_quiet=True)
    said = child.output.read()
    return child.end(), said
