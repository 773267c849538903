"""Where git looks for hooks: in the repository, or in a folder that `core.hooksPath` names."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from devkit.api import HOOKS_OUTSIDE, NO_REPOSITORY, DevkitError, Place, way_to_trust

if TYPE_CHECKING:
    from devkit.api import TaskContext


class Repository(Struct, frozen=True, kw_only=True):
    """A repository: its work tree, git's folder for that, the one for all work trees, and that of the hooks.

    All are absolute.
    """

    top: Path
    own: Path
    common: Path
    hooks: Path

    @property
    def is_inside(self) -> bool:
        """Whether the hooks are kept in this very repository, links followed."""
        homes = [self.top, self.common]
        if self.common.name == ".git":
            homes.append(self.common.parent)  # a linked work tree may use the hooks of the main one
        found = Path(os.path.realpath(self.hooks))
        return any(found.is_relative_to(os.path.realpath(home)) for home in homes)

    def require_inside(self) -> None:
        """Raise HOOKS_OUTSIDE when other repositories may use the folder of the hooks too."""
        if self.is_inside:
            return
        usual = self.common / "hooks"  # which may itself be a link that leads away
        own = usual if self.hooks != usual else self.common / "devkit/hooks"
        help_text = f"let this repository keep its own: git config --local core.hooksPath '{own}'"
        message = f"git takes its hooks from `{self.hooks}`, which does not belong to this repository"
        raise DevkitError(HOOKS_OUTSIDE, message, place=Place(path=str(self.hooks)), help=help_text)


def repository(context: TaskContext) -> Repository:
    """Return the repository that the project lies in; NO_REPOSITORY where there is none."""
    words = ("rev-parse", "--path-format=absolute", "--show-toplevel", "--git-dir", "--git-common-dir")
    code, output, said = context.capture(["git", *words])
    if code != 0:
        raise _no_repository(context.root, said)
    top, own, common = map(Path, output.splitlines()[:3])
    code, chosen, _ = context.capture(["git", "config", "--type=path", "--get", "core.hooksPath"])
    named = chosen.removesuffix("\n")
    hooks = top / (named or "/") if code == 0 else common / "hooks"  # an empty name is the root for git
    return Repository(top=top, own=own, common=common, hooks=hooks)


def _no_repository(root: Path, said: str) -> DevkitError:
    """Return why git does not work here, which is not always that nobody has made a repository."""
    if way := way_to_trust(said):
        message = f"git does not trust the repository of `{root.name}`, which belongs to somebody else"
        return DevkitError(NO_REPOSITORY, message, help=way)
    return DevkitError(NO_REPOSITORY, f"`{root.name}` is in no work tree of git", help="git init")
