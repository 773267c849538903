"""Random states of a work tree, and what has to be the same after hooks have run in it."""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import subprocess
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

NAMES = (
    "a.txt",
    "b.py",
    "sub/c.txt",
    "sub/deep/d.md",
    "spaced name",
    "ünïcode-é",
    "bin.dat",
    "run.sh",
    'quo"te',
    "tab\tbed",
)
CONFIG_NAME = ".pre-commit-config.yaml"
LEFT_ALONE = (CONFIG_NAME, "intended-")
"""What no further change is made to: of a file that is only intended and then gone, runners make an empty one."""


@dataclass(frozen=True, slots=True)
class State:
    """A work tree: every file as it is (kind, bytes), and every entry of the index."""

    files: Mapping[bytes, tuple[str, bytes]]
    index: bytes


def git(root: Path, *words: str, said: bytes | None = None, is_checked: bool = True) -> bytes:
    """Run git; return what it says."""
    done = subprocess.run(["git", *words], cwd=root, input=said, capture_output=True, check=False)
    assert done.returncode == 0 or not is_checked, done.stderr.decode("utf-8", "replace")
    return done.stdout


def state_of(root: Path) -> State:
    """Return what is in a work tree and its index."""
    files: dict[bytes, tuple[str, bytes]] = {}
    top = os.fsencode(root)
    for folder, folders, names in os.walk(top):
        if folder == top:
            folders.remove(b".git")
        for name in (*names, *(each for each in folders if os.path.islink(os.path.join(folder, each)))):
            path = os.path.join(folder, name)
            files[os.path.relpath(path, top)] = _content(path)
    return State(files=files, index=git(root, "ls-files", "-s", "-z"))


def _content(path: bytes) -> tuple[str, bytes]:
    mode = os.lstat(path).st_mode
    if stat.S_ISLNK(mode):
        return "link", os.readlink(path)
    with open(path, "rb") as file:
        return "program" if mode & stat.S_IXUSR else "file", file.read()


def lost_bytes(root: Path, before: State) -> list[bytes]:
    """Return the files whose former bytes are neither in the work tree nor in the index nor in a rescue."""
    names = git(root, "for-each-ref", "--format=%(objectname)", "refs/devkit/rescue").decode().split()
    trees = [git(root, "ls-tree", "-r", "-z", name) for name in names]
    blobs = {entry.split(b"\t")[0].split(b" ")[2].decode() for tree in trees for entry in tree.split(b"\0") if entry}
    now = state_of(root)
    blobs |= {entry.split(b" ")[1].decode() for entry in now.index.split(b"\0") if entry}
    blobs |= {_blob(content) for _, content in now.files.values()}
    return [name for name, (_, content) in before.files.items() if _blob(content) not in blobs]


def _blob(content: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def make_state(root: Path, seed: int, config: str) -> None:
    """Make a repository whose work tree is in a random state, always the same for one seed."""
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(parents=True)
    Maker(root, Random(seed), config).make()  # noqa: S311 - to be repeated


class Maker:
    """What makes one state."""

    def __init__(self, root: Path, random: Random, config: str) -> None:
        self.root, self.random, self.config = root, random, config

    def make(self) -> None:
        """Begin with a commit in most cases, perhaps with a conflict; then change this and that."""
        git(self.root, "init", "-q")
        self._write(CONFIG_NAME, self.config.encode())
        for name in self.random.sample(NAMES, self.random.randint(4, len(NAMES))):
            self._write(name, self._bytes())
        (self.root / "link").symlink_to("a.txt")
        git(self.root, "add", "-A")
        if self.random.random() > 0.05:
            git(self.root, "commit", "-qm", "begin")
            if self.random.random() < 0.1:
                self._conflict()
        for _ in range(self.random.randint(2, 9)):
            change = self.random.choice(CHANGES)
            change(self)

    def tracked(self) -> str:
        """Return the name of a file that is on the disk and in the index, once at least there is one."""
        listed = git(self.root, "ls-files", "-z").decode().split("\0")
        found = sorted({name for name in listed if name and not name.startswith(LEFT_ALONE) and self._is_file(name)})
        return self.random.choice(found) if found else self._new()

    def _is_file(self, name: str) -> bool:
        path = self.root / name
        return path.is_file() and not path.is_symlink()

    def _new(self) -> str:
        name = f"new-{self.random.randrange(1000)}"
        self._write(name, self._bytes())
        git(self.root, "add", name)
        return name

    def _write(self, name: str, content: bytes) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    def _bytes(self) -> bytes:
        kind = self.random.randrange(5)
        if kind == 0:
            return self.random.randbytes(self.random.randrange(200))
        ending = b"\r\n" if kind == 1 else b"\n"
        lines = [b"line %d" % self.random.randrange(10**6) for _ in range(self.random.randrange(30))]
        return ending.join(lines) + (ending if kind != 2 else b"  ")

    def _changed(self, name: str) -> None:
        path = self.root / name
        old = path.read_bytes()
        at = self.random.randrange(len(old) + 1)
        path.write_bytes(old[:at] + b"changed %d\n" % self.random.randrange(10**6) + old[at:])

    def modify(self) -> None:
        self._changed(self.tracked())

    def stage(self) -> None:
        name = self.tracked()
        self._changed(name)
        git(self.root, "add", "--", name)

    def stage_a_part(self) -> None:
        name = self.tracked()
        self._changed(name)
        git(self.root, "add", "--", name)
        self._changed(name)

    def replace(self) -> None:
        self._write(self.tracked(), self._bytes())

    def rename(self) -> None:
        name = self.tracked()
        git(self.root, "mv", "--", name, f"{name}-moved-{self.random.randrange(1000)}", is_checked=False)

    def delete(self) -> None:
        (self.root / self.tracked()).unlink()

    def delete_in_index(self) -> None:
        git(self.root, "rm", "-q", "--cached", "--", self.tracked(), is_checked=False)

    def change_mode(self) -> None:
        path = self.root / self.tracked()
        path.chmod(path.stat().st_mode ^ 0o111)

    def intend(self) -> None:
        name = f"intended-{self.random.randrange(1000)}"
        self._write(name, self._bytes())
        git(self.root, "add", "-N", "--", name)

    def leave_untracked(self) -> None:
        self._write(f"untracked-{self.random.randrange(1000)}/file", self._bytes())

    def become_link(self) -> None:
        path = self.root / self.tracked()
        path.unlink()
        path.symlink_to(f"target-{self.random.randrange(1000)}")

    def lead_elsewhere(self) -> None:
        link = self.root / "link"
        if link.is_symlink():
            link.unlink()
            link.symlink_to(f"elsewhere-{self.random.randrange(1000)}")

    def become_folder(self) -> None:
        name = self.tracked()
        (self.root / name).unlink()
        self._write(f"{name}/inside", self._bytes())

    def become_file(self) -> None:
        if (self.root / "sub").is_dir():
            shutil.rmtree(self.root / "sub")
            self._write("sub", self._bytes())

    def take_for_unchanged(self) -> None:
        name = self.tracked()
        git(self.root, "update-index", "--assume-unchanged", "--", name, is_checked=False)
        self._changed(name)

    def _conflict(self) -> None:
        name = self.tracked()
        git(self.root, "checkout", "-qb", "other")
        self._write(name, b"theirs\n")
        git(self.root, "commit", "-qam", "theirs")
        git(self.root, "checkout", "-q", "-")
        self._write(name, b"ours\n")
        git(self.root, "commit", "-qam", "ours")
        git(self.root, "merge", "-q", "other", is_checked=False)


CHANGES: tuple[Callable[[Maker], None], ...] = (
    Maker.modify, Maker.stage, Maker.stage_a_part, Maker.replace, Maker.rename, Maker.delete, Maker.delete_in_index,
    Maker.change_mode, Maker.intend, Maker.leave_untracked, Maker.become_link, Maker.lead_elsewhere,
    Maker.become_folder, Maker.become_file, Maker.take_for_unchanged, Maker.modify, Maker.stage,
)  # fmt: skip
