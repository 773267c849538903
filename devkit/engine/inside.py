"""Files below a project's root, reached so that no link can lead out of it."""

from __future__ import annotations

import os
import stat
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple, Self

from devkit.errors import BAD_PATH, DevkitError
from devkit.project.state import READ_SAFELY, FileState, state_at

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0)
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_LINK | getattr(os, "O_BINARY", 0)
_HAS_HANDLES = os.open in os.supports_dir_fd
_CHUNK = 1024 * 1024
_DRAFT = ".new"


class Spot(NamedTuple):
    """A name, and the open folder that it is in (`None` where the system has no such thing: the name is a path)."""

    name: str
    folder: int | None


def is_draft(name: str) -> bool:
    """Whether a file is one that `Inside.replace` writes before it takes its place."""
    return name.endswith(_DRAFT)


def check_path(path: str) -> None:
    """Raise `BAD_PATH` for a path that is not plainly below the root, or is git's or the engine's own."""
    parts = path.split("/")
    is_plain = not any(part in {"", ".", ".."} for part in parts) and not any(sign in path for sign in "\\\0")
    has_drive = len(path) > 1 and path[1] == ":"
    is_reserved = any(part.rstrip(". ").lower() in {".git", "git~1"} for part in parts)
    is_own = [part.lower() for part in parts[:2]] == [".devkit", "state"]
    if not is_plain or has_drive or is_reserved or is_own:
        message = f"`{path}` is not a path that may be written"
        raise DevkitError(BAD_PATH, message, help="use a path below the project, outside of `.git`")


class Inside:
    """The files below a root, by relative path; each parent folder is opened and no link followed.

    Methods raise `OSError`; `NotADirectoryError` means that a parent is a link or a file.
    """

    def __init__(self, root: Path) -> None:
        self._root = str(root)
        self._handle = os.open(root, _FOLDER) if _HAS_HANDLES else None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._handle is not None:
            os.close(self._handle)

    @contextmanager
    def at(self, path: str) -> Iterator[Spot]:
        """Open the folder that `path` is in."""
        *folders, name = path.split("/")
        if self._handle is None:
            yield Spot(self._checked(folders, name), None)
            return
        handle = os.open(".", _FOLDER, dir_fd=self._handle)
        try:
            for part in folders:
                deeper = _open_folder(part, handle)
                os.close(handle)
                handle = deeper
            yield Spot(name, handle)
        finally:
            os.close(handle)

    def state(self, path: str) -> FileState:
        """Return what is at a path whose folder exists."""
        with self.at(path) as spot:
            return state_at(*spot)

    def status(self, path: str) -> os.stat_result | None:
        """Return the stat data of what is at a path, or `None` when nothing is."""
        try:
            with self.at(path) as spot:
                return os.stat(spot.name, dir_fd=spot.folder, follow_symlinks=False)
        except FileNotFoundError:
            return None

    def write(self, path: str, content: bytes, like: os.stat_result | None = None, mode: int = 0o666) -> int:
        """Write a new file with the mode and owner of another one, or with `mode` less the umask; return its mode."""
        with self.at(path) as spot:
            handle = os.open(spot.name, _NEW, mode if like is None else 0o600, dir_fd=spot.folder)
        with open(handle, "wb") as file:
            file.write(content)
            file.flush()
            if like is not None:
                _take_owner(handle, like)
                _take_mode(handle, mode)
            _start_writing_back(handle)
            return stat.S_IMODE(os.fstat(handle).st_mode)

    def read(self, path: str) -> bytes:
        """Return the content of a file."""
        with self.at(path) as spot, open(os.open(spot.name, READ_SAFELY, dir_fd=spot.folder), "rb") as file:
            return file.read()

    def link(self, path: str, new: str) -> None:
        """Give a file a second name."""
        with self.at(path) as old, self.at(new) as spot:
            os.link(*(old.name, spot.name), src_dir_fd=old.folder, dst_dir_fd=spot.folder, follow_symlinks=False)

    def copy(self, path: str, new: str) -> None:
        """Copy a file with its mode, owner and time of change."""
        with self.at(path) as old, self.at(new) as spot:
            source = os.open(old.name, READ_SAFELY, dir_fd=old.folder)
            with open(source, "rb") as reader:
                status = os.fstat(source)
                target = os.open(spot.name, _NEW, 0o600, dir_fd=spot.folder)
                with open(target, "wb") as writer:
                    while chunk := reader.read(_CHUNK):
                        writer.write(chunk)
                    writer.flush()
                    _take_owner(target, status)
                    _take_mode(target, stat.S_IMODE(status.st_mode))
                    _take_time(target, status)

    def move(self, path: str, new: str) -> None:
        """Rename a file, replacing what has the new name."""
        with self.at(path) as old, self.at(new) as spot:
            os.replace(old.name, spot.name, src_dir_fd=old.folder, dst_dir_fd=spot.folder)

    def replace(self, path: str, content: bytes) -> None:
        """Write a file that only its owner may read in the place of what is there, all of it or nothing."""
        draft = f"{path}.{os.getpid()}{_DRAFT}"
        self.remove(draft)
        self.write(draft, content, mode=0o600)
        self.move(draft, path)

    def remove(self, path: str) -> None:
        """Remove a file, if it is there."""
        try:
            with self.at(path) as spot:
                os.unlink(spot.name, dir_fd=spot.folder)
        except FileNotFoundError:
            return

    def make_folder(self, path: str) -> bool:
        """Make a folder; return whether it was not there before."""
        with self.at(path) as spot:
            try:
                os.mkdir(spot.name, dir_fd=spot.folder)
            except FileExistsError:
                return False
        return True

    def remove_folder(self, path: str) -> None:
        """Remove a folder if it is there and empty."""
        try:
            with self.at(path) as spot:
                os.rmdir(spot.name, dir_fd=spot.folder)
        except OSError as problem:
            if not isinstance(problem, FileNotFoundError | NotADirectoryError) and self.names(path) == []:
                raise

    def names(self, folder: str) -> list[str]:
        """Return the names in a folder, in no order; none when there is no such folder."""
        try:
            with self.at(folder) as spot:
                if spot.folder is None:
                    return os.listdir(spot.name)
                handle = _open_folder(spot.name, spot.folder)
                try:
                    return os.listdir(handle)
                finally:
                    os.close(handle)
        except FileNotFoundError:
            return []

    def sync(self, path: str) -> None:
        """Wait until a file or a folder (`""`: the root) is on the disk."""
        with self.at(path or ".") as spot:
            if spot.folder is None:  # a system that opens no folders, and syncs files only when they are writable
                return
            handle = os.open(spot.name, READ_SAFELY, dir_fd=spot.folder)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)

    def _checked(self, folders: list[str], name: str) -> str:
        here = self._root
        for part in folders:
            here = os.path.join(here, part)
            if os.path.lexists(here) and (os.path.islink(here) or not os.path.isdir(here)):
                raise NotADirectoryError(here)
        return os.path.join(here, name)


def _open_folder(name: str, parent: int) -> int:
    try:
        return os.open(name, _FOLDER | _NO_LINK, dir_fd=parent)
    except OSError as problem:
        if _is_link(name, parent):  # systems differ in what they say of a link
            raise NotADirectoryError(name) from problem
        raise


def _is_link(name: str, parent: int) -> bool:
    try:
        return stat.S_ISLNK(os.stat(name, dir_fd=parent, follow_symlinks=False).st_mode)
    except OSError:
        return False


def _take_owner(handle: int, like: os.stat_result) -> None:
    status = os.fstat(handle)
    if (status.st_uid, status.st_gid) == (like.st_uid, like.st_gid) or not hasattr(os, "fchown"):
        return
    try:
        os.fchown(handle, like.st_uid, like.st_gid)
    except PermissionError:  # only root gives files away; what the user may write is then the user's
        return


def _take_mode(handle: int, mode: int) -> None:
    if hasattr(os, "fchmod"):
        os.fchmod(handle, mode)


def _take_time(handle: int, like: os.stat_result) -> None:
    if os.utime in os.supports_fd:
        os.utime(handle, ns=(like.st_atime_ns, like.st_mtime_ns))


def _start_writing_back(handle: int) -> None:
    """Let the disk begin, so that syncing many files one by one later finds them written."""
    if hasattr(os, "posix_fadvise"):
        os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
