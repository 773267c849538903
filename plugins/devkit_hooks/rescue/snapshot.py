"""Making a rescue commit with an index of its own: neither the work tree nor git's index is touched."""

from __future__ import annotations

import os
import time

from devkit_hooks.rescue.keeping import PREFIX, Rescue, folder_of, message, tidy
from devkit_hooks.rescue.worktree import GONE, NOTHING, WorkTree

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from devkit_hooks.rescue.git import Git
    from devkit_hooks.rescue.worktree import Content

_UNMERGED, _INTENDED = b"U", b"A"
_TAKEN_FOR_UNCHANGED = (b"\0h ", b"\0m ", b"\0r ", b"\0c ", b"\0k ")
"""How lines of `ls-files -v` begin for files that git was told to take for unchanged."""


def take(git: Git, why: str, also: Iterable[bytes] = ()) -> Rescue | None:
    """Keep everything tracked that differs from the index, and return the rescue; `None` when nothing does.

    Kept are content, kind and executability of tracked files that were changed, deleted, added by intent, or are in
    conflict, and of those that git was told to take for unchanged; then untracked files that stand where a tracked
    one should be, since putting that back would take them away; and those that are named in `also`. Other untracked
    files are not: no runner of hooks touches them. GitError when git refuses.
    """
    changed = _changed(git)
    others = {*also, *_removed_in_merge(git)} - set(changed)
    staged = {name: content for name, (content, _) in changed.items()} | _staged(git, others)
    if not staged and not others:
        return None
    tree = WorkTree(git)
    found = tree.contents(tree.with_what_stands_there(staged.keys() | others), keeps=True)
    work = {name: content for name, content in found.items() if staged.get(name, NOTHING) != content}
    if not work:
        return None
    return _commit(git, why, work, {name: status for name, (_, status) in changed.items()})


def _changed(git: Git) -> dict[bytes, tuple[Content, bytes]]:
    """Return what the index has, and the kind of change, for each file that differs from it or may."""
    words = ("diff-files", "--raw", "-z", "--abbrev=64", "--no-renames", "--no-ext-diff", "--ignore-submodules")
    fields = git.ask(*words).split(b"\0")
    found: dict[bytes, tuple[Content, bytes]] = {}
    for about, name in zip(fields[::2], fields[1::2], strict=False):
        mode, _, blob, _, status = about.removeprefix(b":").split(b" ")
        if name not in found:  # of a conflict, git tells twice
            is_there = status not in {_UNMERGED, _INTENDED}
            found[name] = ((mode, blob) if is_there else NOTHING, status)
    return found


def _removed_in_merge(git: Git) -> list[bytes]:
    """Return what a merge has removed from the index and is on the disk still: hooks are given it all the same."""
    if not os.path.lexists(os.path.join(git.folder, "MERGE_HEAD")):
        return []
    words = ("diff-index", "--cached", "--name-only", "--diff-filter=D", "--no-renames", "-z", "HEAD")
    tree = WorkTree(git)
    return [name for name in git.ask(*words).split(b"\0") if name and tree.kind(name) != GONE]


def _staged(git: Git, others: set[bytes]) -> dict[bytes, Content]:
    """Return what the index has of the named files, and of those that git was told to take for unchanged.

    A checkout writes over the latter, though no difference is shown.
    """
    found: dict[bytes, Content] = {}
    listing = git.ask("ls-files", "-v", "-s", "-z")
    if not others and not any(sign in b"\0" + listing for sign in _TAKEN_FOR_UNCHANGED):
        return found
    for line in listing.split(b"\0"):
        about, _, name = line.partition(b"\t")
        if name in others or (line[:1].islower() and line[:1] != b"s"):
            _, mode, blob, _ = about.split(b" ")
            found[name] = (mode, blob)
    return found


def _commit(git: Git, why: str, work: dict[bytes, Content], statuses: Mapping[bytes, bytes]) -> Rescue:
    tidy(git)
    seconds, rest = divmod(time.time_ns(), 10**9)
    stem = f"{time.strftime('%Y%m%dT%H%M%S', time.gmtime(seconds))}{rest // 1000:06}Z-{os.getpid()}"
    name = f"{git.tree}/{stem}" if git.tree else stem
    index = os.path.join(folder_of(git), f"{stem}.index")
    try:
        _copy(git.index, index)
        _remove(git, index, [path for path, status in statuses.items() if status == _UNMERGED])
        staged = _tree(git, index)
        _remove(git, index, [path for path, content in work.items() if content == NOTHING])
        _add(git, index, [(path, *content) for path, content in work.items() if content != NOTHING])
        changed = _tree(git, index)
    finally:
        for file in (index, f"{index}.lock"):
            if os.path.lexists(file):
                os.unlink(file)
    below = ["-p", git.head] if git.head else []
    base = _line(git.ask("commit-tree", staged, *below, said=b"What was staged.\n"))
    intended = [path for path, status in statuses.items() if status == _INTENDED]
    text = message(name, why, intended)
    commit = _line(git.ask("commit-tree", changed, *below, "-p", base, said=text))
    git.ask("update-ref", f"{PREFIX}{name}", commit, "")
    return Rescue(name=name, commit=commit, work=work, intended=intended)


def _remove(git: Git, index: str, names: list[bytes]) -> None:
    if names:
        said = b"".join(name + b"\0" for name in names)
        git.ask("update-index", "--force-remove", "-z", "--stdin", said=said, index=index)


def _add(git: Git, index: str, entries: list[tuple[bytes, bytes, bytes]]) -> None:
    if entries:
        said = b"".join(b"%b %b\t%b\0" % (mode, blob, name) for name, mode, blob in entries)
        git.ask("update-index", "--replace", "-z", "--index-info", said=said, index=index)


def _tree(git: Git, index: str) -> str:
    return _line(git.ask("write-tree", "--missing-ok", index=index))


def _copy(source: str, target: str) -> None:
    with open(source, "rb") as reader, open(target, "wb") as writer:
        while chunk := reader.read(1 << 20):
            writer.write(chunk)


def _line(said: bytes) -> str:
    return said.decode().strip()
