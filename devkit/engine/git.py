"""The git program, robust against the user's and the repository's configuration."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from devkit.api.trusting import way_to_trust
from devkit.engine.process import Completed, find_program, run_process
from devkit.engine.pump import decoded
from devkit.errors import GIT_BUSY, GIT_FAILED, NO_GIT, NO_IDENTITY, DevkitError
from devkit.project.gitwords import SAFE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

_READING = ("--no-optional-locks",)
_LITERAL = ("--literal-pathspecs",)
_NO_HOOKS = ("-c", f"core.hooksPath={os.devnull}")
_NO_USER_IGNORES = ("-c", f"core.excludesFile={os.devnull}")
_UNWANTED = frozenset({
    "GIT_EXTERNAL_DIFF", "GIT_GLOB_PATHSPECS", "GIT_ICASE_PATHSPECS", "GIT_LITERAL_PATHSPECS", "GIT_NOGLOB_PATHSPECS",
})  # fmt: skip
_MOST = 256 * 1024 * 1024
"""Bytes of a list of names that are kept."""
_AT_ONCE = 200
"""Paths in one argument list: some systems allow no more than 32 KiB."""


class Git:
    """git in one folder; methods raise `NO_GIT` where there is no git program, and `GIT_FAILED` with git's words."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def require(self) -> None:
        """Raise `NO_GIT` when there is no git program."""
        if find_program("git", os.environ.get("PATH", os.defpath)) is None:
            raise DevkitError(NO_GIT, "git is not on PATH", help="install git, or leave it out: --no-git")

    def require_identity(self) -> None:
        """Raise `NO_IDENTITY` when a commit would lack a name that the user chose.

        The folder need not exist yet. Outside of a repository the answer can be unknown, since the configuration
        may depend on where the repository is; then nothing is raised here, but by `commit`.
        """
        for variable in ("GIT_AUTHOR_IDENT", "GIT_COMMITTER_IDENT"):
            done = self._run("-c", "user.useConfigOnly=true", "var", variable)
            if done.code != 0 and not self._may_know_later():
                raise DevkitError(
                    NO_IDENTITY,
                    "git does not know who commits",
                    help='git config --global user.name "NAME"; git config --global user.email "EMAIL"',
                )

    def init(self) -> None:
        """Make a repository, with the user's own templates and first branch (`main` where none is set)."""
        has_branch = self._run("config", "--get", "init.defaultBranch").stdout.strip()
        self._demand("init", "-q", *([] if has_branch else ["--initial-branch=main"]))

    def add_all(self) -> None:
        """Add every file that the project itself does not ignore; what the user ignores everywhere is added too."""
        self._demand(*_NO_USER_IGNORES, "add", "--all")

    def add(self, paths: Collection[str]) -> None:
        """Add these paths, relative to the folder, their deletion included; ignored ones are left out."""
        wanted = set(paths) - self.ignored(paths)
        if wanted:
            names = _joined(wanted)
            self._demand(*_LITERAL, "add", "--all", "--pathspec-from-file=-", "--pathspec-file-nul", stdin=names)

    def commit(self, message: str, *, paths: Collection[str] = (), runs_hooks: bool = False) -> str:
        """Commit the index, or only these paths; return the commit's id.

        Raises `NO_IDENTITY`; a commit that cannot be signed is `GIT_FAILED`, and nothing is committed.
        """
        self.require_identity()
        hooks = () if runs_hooks else _NO_HOOKS
        only = ("--only", "--pathspec-from-file=-", "--pathspec-file-nul") if paths else ()
        words = (*_LITERAL, *hooks, "commit", "-q", "--cleanup=whitespace", "-m", message, *only)
        self._demand(*words, stdin=_joined(paths) if paths else None)
        return self.head()

    def head(self) -> str:
        """Return the id of the current commit, or `""` when there is none yet."""
        return self._run(*_READING, "rev-parse", "--verify", "-q", "HEAD").stdout.strip()

    def has_commits(self) -> bool:
        """Whether any branch has a commit."""
        return bool(self._run(*_READING, "rev-list", "-n", "1", "--all").stdout) or bool(self.head())

    def is_inside(self) -> bool:
        """Whether the folder lies in a work tree that git accepts."""
        return self._run(*_READING, "rev-parse", "--is-inside-work-tree").stdout.strip() == "true"

    def way_to_trust(self) -> str:
        """Return the command with which git, by its own words, takes a repository of somebody else; else `""`."""
        return way_to_trust(self._run(*_READING, "rev-parse").stderr)

    def changed(self) -> tuple[str, ...]:
        """Return the paths, relative to the folder, that differ from the last commit, untracked ones included."""
        prefix = self._demand(*_READING, "rev-parse", "--show-prefix").stdout.removesuffix("\n")
        words = ("status", "--porcelain=v1", "-z", "--no-renames", "--untracked-files=all", "--", ".")
        done = self._demand(*_READING, *words)
        return tuple(entry[3:].removeprefix(prefix) for entry in done.stdout.split("\0") if entry)

    def differing(self, paths: Sequence[str] = ()) -> tuple[str, ...]:
        """Return the tracked files, relative to the folder, that differ from the index; with `paths`, in content.

        Without `paths` only stat data is compared, which is fast and names a file that was written anew unchanged.
        """
        if not paths:
            return _names(self._demand(*_READING, "diff-files", "--name-only", "-z", "--relative").stdout)
        words = (*_LITERAL, *_READING, "diff", "--no-ext-diff", "--name-only", "-z", "--relative", "--")
        return tuple(name for some in _batches(paths) for name in _names(self._demand(*words, *some).stdout))

    def ignored(self, paths: Collection[str]) -> frozenset[str]:
        """Return those of the paths that git ignores; none outside of a repository."""
        if not paths:
            return frozenset()
        names = _joined([f"./{path}" for path in paths])  # takes no names literally, and a `:` first is a sign
        done = self._run(*_READING, "check-ignore", "-z", "--stdin", stdin=names)
        return _among(paths, [name.removeprefix("./") for name in done.stdout.split("\0")])

    def tracked(self, paths: Collection[str]) -> frozenset[str]:
        """Return the files in the index that are these paths, or below them; none outside of a repository."""
        found = (self._run(*_LITERAL, *_READING, "ls-files", "-z", "--", *some) for some in _batches(paths))
        return frozenset(name for done in found for name in done.stdout.split("\0") if name)

    def sparse_skipped(self, paths: Collection[str]) -> frozenset[str]:
        """Return those of the paths that git tracks but a sparse checkout leaves out; none outside of one."""
        return _among(paths, (name for some in _batches(paths) for name in self._skipped(some)))

    def _skipped(self, paths: Sequence[str]) -> Iterator[str]:
        done = self._run(*_LITERAL, *_READING, "ls-files", "-t", "-z", "--", *paths)
        return (entry[2:] for entry in done.stdout.split("\0") if entry.startswith("S "))

    def _may_know_later(self) -> bool:
        """Whether the answer depends on a repository that is not there yet."""
        conditions = self._run("config", "--name-only", "--get-regexp", r"^includeif\.")
        return bool(conditions.stdout) and not self.is_inside()

    def _demand(self, *words: str, stdin: bytes | None = None) -> Completed:
        done = self._run(*words, stdin=stdin)
        if done.code != 0:
            raise self._failure(done)
        return done

    def _failure(self, done: Completed) -> DevkitError:
        lock = self._run(*_READING, "rev-parse", "--git-path", "index.lock").stdout.removesuffix("\n")
        path = os.path.join(self._folder(), lock)
        if lock and os.path.lexists(path):
            return DevkitError(GIT_BUSY, "git's index is locked", help=f"when no git runs: rm '{path}'")
        words = done.stderr.strip() or done.stdout.strip() or f"it ended with exit code {done.code}"
        signs = self._run(*_READING, "config", "--type=bool", "--get", "commit.gpgSign").stdout.strip() == "true"
        help_text = "mend the signing of commits, or switch it off: git config --global commit.gpgSign false"
        return DevkitError(GIT_FAILED, f"git refused: {words}", help=help_text if signs else "")

    def _run(self, *words: str, stdin: bytes | None = None) -> Completed:
        self.require()
        return run_process(["git", *SAFE, *words], cwd=self._folder(), env=_environment(), stdin=stdin, keep=_MOST)

    def _folder(self) -> Path:
        """Return the folder, or the nearest one above it that exists."""
        return next(folder for folder in (self.root, *self.root.absolute().parents) if folder.is_dir())


def _environment() -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if name not in _UNWANTED}
    return own | {"LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0"}


def _names(listed: str) -> tuple[str, ...]:
    return tuple(name for name in listed.split("\0") if name)


def _joined(paths: Collection[str]) -> bytes:
    return b"\0".join(os.fsencode(path) for path in sorted(paths)) + b"\0"


def _among(paths: Collection[str], names: Collection[str] | Iterator[str]) -> frozenset[str]:
    """Return the paths that git named, whose bytes need not be text."""
    known = {decoded(os.fsencode(path)): path for path in paths}
    return frozenset(known[name] for name in names if name in known)


def _batches(paths: Collection[str]) -> Iterator[list[str]]:
    names = list(paths)
    return (names[start : start + _AT_ONCE] for start in range(0, len(names), _AT_ONCE))
