"""A new folder that appears whole or not at all.

It grows in a hidden folder on the same file system and is published by one rename. A destination that exists,
empty or with a new repository only, keeps its identity: the tree is moved into it under a journal.
"""

from __future__ import annotations

import errno
import os
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from devkit.api.blaming import file_error
from devkit.engine.moving import TREE, move_in, move_out
from devkit.engine.nursery import Nursery, clear_dead, make_nursery, refuse_living, remove_tree
from devkit.engine.signals import Interrupted, shielded
from devkit.engine.syncing import sync_folder, sync_tree
from devkit.errors import EXISTS, GIT_BUSY, DevkitError

if TYPE_CHECKING:
    from collections.abc import Iterator

_IN_THE_WAY = frozenset({errno.EEXIST, errno.ENOTEMPTY, errno.ENOTDIR})


@contextmanager
def born(destination: Path) -> Iterator[Path]:
    """Yield a folder to build in, empty but for a copy of the destination's new repository; publish it at the end.

    When the block or the publication fails or is interrupted, nothing is left. What killed runs left in the same
    place is removed first. Raises `EXISTS`, `LOCKED`, `NO_PERMISSION` and `IO_FAILED`, the last two also for an
    `OSError` of the block.
    """
    birth = _Birth(Path(os.path.abspath(destination)))
    try:
        with _ended(birth):
            birth.begin()
            yield birth.staging
            sync_tree(birth.staging)
            with shielded():
                birth.publish()
                birth.end()
    except BrokenPipeError:  # the block's own: nobody reads its words any more
        raise
    except OSError as problem:
        raise birth.failure(problem) from problem
    except (DevkitError, Interrupted) as problem:
        problem.state = birth.state or problem.state
        raise


@contextmanager
def _ended(birth: _Birth) -> Iterator[None]:
    """Remove what was not published when the block fails, whatever comes meanwhile."""
    try:
        yield
    except BaseException:
        with shielded():
            birth.end()
        raise


def check_destination(destination: Path) -> None:
    """Raise `EXISTS` unless nothing is at the destination, or an empty folder, or a new repository without commits.

    What killed runs left there is removed first.
    """
    clear_dead(_existing(destination.parent))
    if not os.path.lexists(destination):
        return
    clear_dead(destination)
    refuse_living(destination)
    names = set(os.listdir(destination)) if destination.is_dir() else {""}
    if names - {".git"} or (names and _is_in_use(destination)):
        message = f"`{destination.name}` exists and is not an empty folder"
        raise DevkitError(EXISTS, message, help="choose another name, or bring devkit to what is there: devkit adopt")


class _Birth:
    """One project on its way: where it grows, and what to publish where."""

    def __init__(self, destination: Path) -> None:
        self._destination = destination
        self._nursery: Nursery | None = None
        self._is_published = False
        self._is_ended = False
        self._is_in_place = False
        self.staging = destination
        self.state = ""

    def begin(self) -> None:
        """Make the folder to build in."""
        check_destination(self._destination)
        self._is_in_place = os.path.lexists(self._destination)
        parent = self._destination if self._is_in_place else _existing(self._destination.parent)
        with shielded():
            self._nursery = make_nursery(parent, self._destination.name, moves=self._is_in_place)
        if self._is_in_place:
            self.staging = self._nursery.path / TREE
            self.staging.mkdir()
            self._copy_repository()
        else:
            below = self._destination.relative_to(parent).parts[1:]
            self.staging = self._nursery.path.joinpath(*below)
            self.staging.mkdir(parents=True, exist_ok=True)

    def publish(self) -> None:
        """Let the project appear."""
        nursery = self._living()
        if self._is_in_place:
            move_in(nursery.path, self._destination)
            self._is_published = True
        else:
            parent = nursery.path.parent
            os.rename(nursery.path, parent / self._destination.relative_to(parent).parts[0])
            self._is_published = True
            with suppress(OSError):  # without this a power cut may still lose the project, but whole
                sync_folder(parent)
        self.state = f"the project is in `{self._destination}`"

    def failure(self, problem: OSError) -> DevkitError:
        """Return the error for what the system said while the project was built."""
        if problem.errno in _IN_THE_WAY and problem.filename2 is not None:
            message = f"`{self._destination.name}` was made meanwhile"
            return DevkitError(EXISTS, message, help="choose another name", state=self.state)
        error = file_error(self._blamed_path(problem), problem)
        error.state = self.state or error.state
        return error

    def _blamed_path(self, problem: OSError) -> str:
        """Return what could not be written in terms of the project, whose hidden folder nobody knows."""
        if self._nursery is None:
            return str(self._destination if self._is_in_place else _existing(self._destination.parent))
        name = str(problem.filename or self._destination)
        return os.path.relpath(name, self.staging) if name.startswith(f"{self.staging}{os.sep}") else name

    def end(self) -> None:
        """Remove what was not published, and what publishing left; once that is done, do nothing."""
        nursery = self._nursery
        if nursery is None or self._is_ended:
            return
        self._is_ended = True
        try:
            if self._is_in_place and not self._is_published:
                move_out(nursery.path, self._destination)
            if nursery.path.exists():
                remove_tree(nursery.path)
        except OSError:  # the next run in this place removes it, and what led here is what to report
            return
        finally:
            nursery.close()

    def _copy_repository(self) -> None:
        """Let the first commit be made in a copy, so that the user's repository changes when the tree does."""
        repository = self._destination / ".git"
        if not repository.is_dir():
            return
        import shutil

        if os.path.lexists(repository / "index.lock"):
            help_text = f"when no git runs: rm '{repository}/index.lock'"
            raise DevkitError(GIT_BUSY, "git's index is locked", help=help_text)
        shutil.copytree(repository, self.staging / ".git", symlinks=True)

    def _living(self) -> Nursery:
        assert self._nursery is not None  # noqa: S101 - publishing comes after beginning
        return self._nursery


def _existing(folder: Path) -> Path:
    """Return the folder, or the nearest one above it that exists."""
    return next(above for above in (folder, *folder.parents) if above.exists())


def _is_in_use(destination: Path) -> bool:
    """Whether the repository at the destination is more than a new one: has commits, or lives elsewhere."""
    from devkit.engine.git import Git

    repository = destination / ".git"
    return repository.is_symlink() or not repository.is_dir() or Git(destination).has_commits()
