"""Putting files back as a rescue has them, byte for byte; what is there instead is kept in a rescue of its own."""

from __future__ import annotations

import os
from contextlib import suppress

from devkit_hooks.rescue import snapshot
from devkit_hooks.rescue.git import GitError
from devkit_hooks.rescue.worktree import GONE, LINK, PROGRAM, WorkTree

TYPE_CHECKING = False
if TYPE_CHECKING:
    from devkit_hooks.rescue.git import Git
    from devkit_hooks.rescue.keeping import Rescue
    from devkit_hooks.rescue.worktree import Content


def differing(git: Git, rescue: Rescue) -> list[bytes]:
    """Return the files that are not as the rescue has them."""
    found = WorkTree(git).contents(rescue.work, keeps=False)
    return [name for name, content in found.items() if content != rescue.work[name]]


def put_back(git: Git, rescue: Rescue) -> tuple[list[bytes], Rescue | None]:
    """Make the files of a rescue as it has them; return those that were not, and what they were instead.

    Only these files are written. An entry of the index that a file was added by intent with comes back too.
    """
    changed = differing(git, rescue)
    before = snapshot.take(git, f"before {rescue.name} was brought back", also=changed) if changed else None
    for name in sorted(changed, key=lambda each: rescue.work[each][0] != GONE):
        _put(git, name, rescue.work[name])
    _intend(git, rescue.intended)
    return changed, before


def _put(git: Git, name: bytes, content: Content) -> None:
    tree = WorkTree(git)
    blocker, path = tree.blocker(name), tree.path(name)
    mode, blob = content
    if mode == GONE:
        if blocker is None and (os.path.islink(path) or os.path.isfile(path)):
            os.unlink(path)
            _remove_empty_folders(os.path.dirname(path), os.fsencode(git.top))
        return
    if blocker is not None:
        os.unlink(tree.path(blocker))
    os.makedirs(os.path.dirname(path), exist_ok=True)
    _clear(tree, name)
    _write(git, path, mode, blob)


def _clear(tree: WorkTree, name: bytes) -> None:
    """Take a folder away that stands in the place of a file; its files are in a rescue of their own."""
    path = tree.path(name)
    if os.path.islink(path) or not os.path.isdir(path):
        return
    for below in tree.with_what_stands_there({name}) - {name}:
        os.unlink(tree.path(below))
    for folder, _, _ in os.walk(path, topdown=False):
        os.rmdir(folder)


def _write(git: Git, path: bytes, mode: bytes, blob: bytes) -> None:
    passing = path + b".devkit-%d" % os.getpid()
    try:
        if mode == LINK:
            os.symlink(git.ask("cat-file", "blob", blob.decode()), passing)
        else:
            _write_file(git, passing, blob, _permissions(path, is_program=mode == PROGRAM))
        os.replace(passing, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(passing)
        raise


def _write_file(git: Git, path: bytes, blob: bytes, permissions: int) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, permissions)
    try:
        git.pour("cat-file", "blob", blob.decode(), into=handle)
        os.fchmod(handle, permissions)
        os.fsync(handle)
    finally:
        os.close(handle)


def _permissions(path: bytes, *, is_program: bool) -> int:
    """Return those of the file that is there, executable or not as it was; those of a new file where none is."""
    try:
        kept = os.lstat(path).st_mode & 0o666
        is_there = not os.path.islink(path) and os.path.isfile(path)
    except OSError:
        is_there = False
    if not is_there:
        umask = os.umask(0)
        os.umask(umask)
        kept = 0o666 & ~umask
    return kept | (kept & 0o444) >> 2 if is_program else kept


def _remove_empty_folders(folder: bytes, top: bytes) -> None:
    while folder != top:
        try:
            os.rmdir(folder)
        except OSError:
            return
        folder = os.path.dirname(folder)


def _intend(git: Git, names: list[bytes]) -> None:
    """Tell git again of files that it was told would come, and that a killed run made it forget."""
    known = set(git.ask("ls-files", "-z").split(b"\0")) if names else set()
    forgotten = [name for name in names if name not in known]
    if forgotten:
        words = ("add", "--intent-to-add", "--force", "--pathspec-from-file=-", "--pathspec-file-nul")
        with suppress(GitError):
            git.ask(*words, said=b"".join(name + b"\0" for name in forgotten))
