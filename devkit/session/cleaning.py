"""`devkit clean`: taking away what devkit keeps for itself, while no run is at work."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from devkit.config.directories import cache_folder
from devkit.engine.clearing import caches, history, refuse_running, remove_kept, user_caches
from devkit.errors import LOCKED, DevkitError
from devkit.ledger.place import UnusableError, opening, state_folder
from devkit.project.root import find_root
from devkit.session.applying import writing

if TYPE_CHECKING:
    from devkit.engine.clearing import Kept
    from devkit.session.session import Session


def clean(session: Session, *, is_all: bool, is_dry: bool) -> tuple[Kept, ...]:
    """Take away caches (and return them), and with `is_all` the history of the project and the user's caches as well.

    Outside of a project only the latter can be meant. `LOCKED` while another devkit is at work.
    """
    folder = Path(cache_folder())
    user = user_caches(folder) if is_all else ()
    project: tuple[Kept, ...] = ()
    if not is_all or find_root(session.folder) is not None:
        project = _found(session.root, is_all=is_all) if is_dry else _clean_project(session, is_all=is_all)
    if user and not is_dry:
        remove_kept(folder, user)
    return (*project, *(replace(each, path=str(folder / each.path)) for each in user))


def _clean_project(session: Session, *, is_all: bool) -> tuple[Kept, ...]:
    """Clean a project, into which nobody can begin to write meanwhile, nor begin a run."""
    root = session.root
    if state_folder(root) is None:
        return ()
    refuse_running(root)
    with writing(session, "clean"):
        try:
            with opening(root):
                return _cleaned(root, is_all=is_all)
        except UnusableError as problem:
            message = f"the history of runs cannot be cleaned: {problem}"
            raise DevkitError(LOCKED, message, help="try again when it has ended") from problem


def _cleaned(root: Path, *, is_all: bool) -> tuple[Kept, ...]:
    refuse_running(root)
    found = _found(root, is_all=is_all)
    remove_kept(root, found)
    return found


def _found(root: Path, *, is_all: bool) -> tuple[Kept, ...]:
    return (*caches(root), *(history(root) if is_all else ()))
