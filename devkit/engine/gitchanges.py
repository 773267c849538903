"""What changed since a commit, as git tells it: committed, staged, edited and untracked."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from devkit.engine.gitlisting import read_git
from devkit.errors import NO_BASE, DevkitError
from devkit.project.gitwords import SAFE

if TYPE_CHECKING:
    from pathlib import Path

_GIT = ("git", *SAFE, "--literal-pathspecs")
_USUAL = ("@{upstream}", "origin/HEAD", "origin/main", "origin/master", "main", "master")
"""What changes are told against when nothing is said, the first of these that there is."""
_WAY_OUT = "name a branch, a tag or a commit: --base REF"
_DIFF = ("diff", "--name-only", "-z", "--no-renames", "--no-ext-diff", "--no-textconv", "--relative")


def changed_since(root: Path, base: str = "") -> tuple[str, frozenset[str]]:
    """Return what changes are told against, and the paths below `root` that changed since it parted from here.

    Without `base` it is the upstream of the branch, else the main branch of `origin`, else the one here. NO_BASE
    when there is no such commit, or no repository.
    """
    found = ((each, _commit(root, each)) for each in ((base,) if base else _USUAL))
    name, commit = next((pair for pair in found if pair[1]), ("", ""))
    if not commit:
        raise _no_base(root, base)
    parted = _line(root, "merge-base", commit, "HEAD") or commit
    changed = read_git(root, *_GIT, *_DIFF, parted, "--", ".")
    untracked = read_git(root, *_GIT, "ls-files", "--others", "--exclude-standard", "-z", "--", ".")
    if changed is None or untracked is None:
        raise DevkitError(NO_BASE, f"git does not tell what changed since `{name}`", help=f"git diff {name}")
    paths = (os.fsdecode(path).rstrip("/") for path in (changed + untracked).split(b"\0") if path)
    return name, frozenset(paths)


def _commit(root: Path, name: str) -> str:
    return _line(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")


def _line(root: Path, *words: str) -> str:
    return (read_git(root, *_GIT, *words) or b"").decode("utf-8", "replace").strip()


def _no_base(root: Path, base: str) -> DevkitError:
    if not _line(root, "rev-parse", "--is-inside-work-tree"):
        message = "what changed is not known: the project is not in a git repository"
        return DevkitError(NO_BASE, message, help="git init, or leave --affected and --base away")
    if base:
        return DevkitError(NO_BASE, f"there is no commit `{base}`", help=_WAY_OUT)
    message = "there is nothing to compare with: neither an upstream, nor a main branch"
    return DevkitError(NO_BASE, message, help=_WAY_OUT)
