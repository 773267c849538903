"""The git program, robust against the user's and the repository's configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path


class Git:
    """git in one folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def require(self) -> None:
        """Raise `NO_GIT` when there is no git program."""
        raise NotImplementedError

    def require_identity(self) -> None:
        """Raise `NO_IDENTITY` when a commit would lack an author; call it in the repository, right after `init`."""
        raise NotImplementedError

    def init(self) -> None:
        """Make a repository, with the user's own first branch and templates."""
        raise NotImplementedError

    def add_all(self) -> None:
        """Add every file that the project itself does not ignore."""
        raise NotImplementedError

    def add(self, paths: Collection[str]) -> None:
        """Add these paths, their deletion included."""
        raise NotImplementedError

    def commit(self, message: str, *, paths: Sequence[str] = (), runs_hooks: bool = False) -> str:
        """Commit the index, or only these paths; return the commit's id."""
        raise NotImplementedError

    def head(self) -> str:
        """Return the id of the current commit, or `""` when there is none yet."""
        raise NotImplementedError

    def is_inside(self) -> bool:
        """Whether the folder lies in a work tree that git accepts."""
        raise NotImplementedError

    def changed(self) -> tuple[str, ...]:
        """Return the paths, relative to the folder, that differ from the last commit, untracked ones included."""
        raise NotImplementedError

    def ignored(self, paths: Collection[str]) -> frozenset[str]:
        """Return those of the paths that git ignores."""
        raise NotImplementedError

    def sparse_skipped(self, paths: Collection[str]) -> frozenset[str]:
        """Return those of the paths that git tracks but a sparse checkout leaves out."""
        raise NotImplementedError
