"""git, asked through pipes: what it reads lies ready before it starts, so that no two pipes wait for each other."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_ALWAYS = ("--no-pager", "--literal-pathspecs", "-c", "core.fsmonitor=false", "-c", "core.quotePath=off")
_PIPE = 4096
"""Bytes that a pipe holds on every system."""
_IDENTITY = {
    f"GIT_{role}_{part}": text
    for role in ("AUTHOR", "COMMITTER")
    for part, text in (("NAME", "devkit"), ("EMAIL", "devkit@localhost"))
}


class GitError(Exception):
    """git could not do what was asked; the text is for the user."""


class Git:
    """git at the top of one work tree."""

    def __init__(self, start: str, environ: Mapping[str, str]) -> None:
        self._environ = {**environ, **_IDENTITY, "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0"}
        self._start = start
        self.top = start
        self.folder = ""
        """git's own folder for this work tree."""
        self.common = ""
        """git's folder for all work trees."""
        self.tree = ""
        """The name of a linked work tree; nothing for the main one."""
        self.head = ""
        """The commit that is checked out; nothing where there is none yet."""

    def find(self) -> bool:
        """Look for the work tree that the start lies in; return whether there is one."""
        words = ("--show-toplevel", "--absolute-git-dir", "--revs-only", "HEAD^{commit}")
        try:
            top, folder, *head = self.ask("rev-parse", *words).rstrip(b"\n").split(b"\n")
        except (GitError, ValueError):
            return False
        self.top, self.folder = os.fsdecode(top), os.fsdecode(folder)
        self.common, self.tree = self.folder, ""
        if os.path.exists(os.path.join(self.folder, "commondir")):
            trees, self.tree = os.path.split(self.folder)
            self.common = os.path.dirname(trees)
        self.head = head[0].decode() if head else ""
        return True

    @property
    def index(self) -> str:
        """The index that is in use: that of a hook's environment, or the work tree's own."""
        named = self._environ.get("GIT_INDEX_FILE", "")
        return os.path.join(self.top, named) if named else os.path.join(self.folder, "index")

    def ask(self, *words: str | bytes, said: bytes = b"", index: str = "") -> bytes:
        """Return what git says, given what it reads and perhaps another index; GitError when it fails."""
        answer, end = os.pipe()
        try:
            child = self._spawn(words, said, index, end)
        finally:
            os.close(end)
        with open(answer, "rb") as output:
            found = output.read()
        _end(child, words)
        return found

    def pour(self, *words: str | bytes, into: int) -> None:
        """Write what git says to an open file, of whatever size it is."""
        _end(self._spawn(words, b"", "", into), words)

    def _spawn(self, words: tuple[str | bytes, ...], said: bytes, index: str, output: int) -> int:
        source = _readable(said)
        actions: list[tuple[int, int, int] | tuple[int, int, str, int, int]] = [
            (os.POSIX_SPAWN_DUP2, source, 0),
            (os.POSIX_SPAWN_DUP2, output, 1),
            (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
        ]
        environ = {**self._environ, "GIT_INDEX_FILE": index} if index else self._environ
        argv: list[str | bytes] = ["git", *_ALWAYS, "-C", self.top, *words]
        try:
            return os.posix_spawnp("git", argv, environ, file_actions=actions)
        except FileNotFoundError:
            raise GitError("git is not on PATH") from None
        finally:
            os.close(source)


def _readable(said: bytes) -> int:
    """Return an open file that holds what git reads: a pipe for little, a file for what may be too much for one."""
    if not said:
        return os.open(os.devnull, os.O_RDONLY)
    if len(said) <= _PIPE:
        source, sink = os.pipe()
        os.write(sink, said)
        os.close(sink)
        return source
    import tempfile

    with tempfile.TemporaryFile() as file:
        file.write(said)
        file.seek(0)
        return os.dup(file.fileno())


def _end(child: int, words: tuple[str | bytes, ...]) -> None:
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    if code:
        raise GitError(f"`git {os.fsdecode(words[0])}` failed with {code}")
