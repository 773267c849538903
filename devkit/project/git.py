"""The state of a git repository, read from its files: no program is started."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from devkit.errors import BARE_REPOSITORY, GIT_BUSY, GIT_IN_PROGRESS, DevkitError
from devkit.project.root import git_top

if TYPE_CHECKING:
    from pathlib import Path

_OPERATIONS = {
    "MERGE_HEAD": "merge",
    "CHERRY_PICK_HEAD": "cherry-pick",
    "REVERT_HEAD": "revert",
    "BISECT_LOG": "bisect",
    "rebase-merge": "rebase",
    "rebase-apply": "rebase",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class GitState:
    """What is known of a repository: its work tree, branch (`""` when detached), and what is under way."""

    top: Path
    folder: Path
    branch: str
    operation: str
    has_index_lock: bool


def git_state(start: Path) -> GitState | None:
    """Return the state of the repository that `start` lies in, or `None` outside of one."""
    top = git_top(start)
    folder = _git_folder(top) if top else None
    if top is None or folder is None:
        return None
    return GitState(
        top=top,
        folder=folder,
        branch=_branch(folder),
        operation=next((word for name, word in _OPERATIONS.items() if (folder / name).exists()), ""),
        has_index_lock=(folder / "index.lock").exists(),
    )


def refuse_bare(folder: Path) -> None:
    """Raise when the folder is itself a bare repository."""
    if (folder / "HEAD").is_file() and (folder / "objects").is_dir() and (folder / "refs").is_dir():
        raise DevkitError(
            BARE_REPOSITORY, f"`{folder.name}` is a bare repository", help="clone it and work in the clone"
        )


def refuse_unfinished(state: GitState) -> None:
    """Raise when a command that commits would come into the middle of another operation."""
    if state.has_index_lock:
        raise DevkitError(GIT_BUSY, "git's index is locked", help=f"when no git runs: rm '{state.folder}/index.lock'")
    if state.operation:
        help_text = f"finish it, or `git {state.operation} {'reset' if state.operation == 'bisect' else '--abort'}`"
        raise DevkitError(GIT_IN_PROGRESS, f"a {state.operation} is in progress", help=help_text)


def _git_folder(top: Path) -> Path | None:
    entry = top / ".git"
    if entry.is_dir():
        return entry
    try:
        words = entry.read_text("utf-8").partition("gitdir:")[2].strip()
    except (OSError, UnicodeDecodeError):
        return None
    return (top / words).resolve() if words else None


def _branch(folder: Path) -> str:
    try:
        head = (folder / "HEAD").read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""
    return head.removeprefix("ref: refs/heads/") if head.startswith("ref: ") else ""
