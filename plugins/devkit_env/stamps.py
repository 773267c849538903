"""What an installation was made from, kept beside it, so that it is not made again; what is said when it failed."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from devkit.api import DEPENDENCIES_MISSING, DevkitError

if TYPE_CHECKING:
    from collections.abc import Callable

    from devkit.api import TaskContext


def install_once(context: TaskContext, stamp: str, mark: str, install: Callable[[], None]) -> None:
    """Install, unless the file `stamp` says that it was done from just this; an empty `mark` says nothing.

    The stamp goes before: an installation that is killed is never taken for done.
    """
    path = context.root / stamp
    has_stamp = path.is_file()
    if has_stamp and mark and path.read_text("utf-8") == mark:
        context.up_to_date("dependencies are current")
        return
    if has_stamp:
        path.unlink()
    install()
    if mark and path.parent.is_dir():  # yarn may keep no folder of modules at all
        path.write_text(mark, "utf-8")


def digest(*parts: str) -> str:
    """Return a short digest of some texts."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def could_not_get(program: str) -> DevkitError:
    """Return the error of a program that did not get the dependencies, for a reason that it has told."""
    help_text = "its words above say why; when that is mended: devkit run env"
    return DevkitError(DEPENDENCIES_MISSING, f"`{program}` could not get the dependencies", help=help_text)
