"""The rescues of a repository: their references, and the marks of runs that have not ended."""

from __future__ import annotations

import os

from devkit_hooks.rescue.worktree import NOTHING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from devkit_hooks.rescue.git import Git
    from devkit_hooks.rescue.worktree import Content

PREFIX = "refs/devkit/rescue/"
_MARKS = ("devkit", "rescue")
_INTENDED = "Added-by-intent: "
_MOST = 20
"""How many rescues that nobody asked for are kept."""


class Rescue:
    """A rescue: its name, its commit, what it holds by name of file, and which files were added by intent only."""

    __slots__ = ("commit", "intended", "name", "work")

    def __init__(self, *, name: str, commit: str, work: dict[bytes, Content], intended: list[bytes]) -> None:
        self.name = name
        self.commit = commit
        self.work = work
        self.intended = intended


def message(name: str, why: str, intended: list[bytes]) -> bytes:
    """Return the message of a rescue's commit."""
    lines = [f"Work that was not staged ({why})", "", f"This brings it back: devkit hooks rescue apply {name}", ""]
    return "\n".join(lines + [_INTENDED + _escaped(path) + "\n" for path in intended]).encode()


def _escaped(path: bytes) -> str:
    return "".join(chr(byte) if 32 < byte < 127 and byte != 37 else f"%{byte:02X}" for byte in path)  # noqa: PLR2004


def _unescaped(text: str) -> bytes:
    first, *rest = text.encode().split(b"%")
    return first + b"".join(bytes([int(part[:2], 16)]) + part[2:] for part in rest)


def folder_of(git: Git) -> str:
    """Return the folder of marks, in git's own folder for this work tree; it is made when it is not there."""
    folder = os.path.join(git.folder, *_MARKS)
    os.makedirs(folder, exist_ok=True)
    return folder


def tidy(git: Git) -> None:
    """Take passing files away that belong to processes which were killed."""
    folder = folder_of(git)
    for name in os.listdir(folder):
        stem, dot, _ = name.partition(".")
        if dot and not is_alive(stem.rpartition("-")[2]):
            _remove(os.path.join(folder, name))


def is_alive(process: str) -> bool:
    """Whether a process is there; what is no number is none."""
    try:
        os.kill(int(process), 0)
    except PermissionError:
        return True
    except (OSError, ValueError, OverflowError):
        return False
    return True


def mark(git: Git, rescue: Rescue) -> None:
    """Note that the process begins to let hooks run: until the note is gone, they have not ended well."""
    folder_of(git)
    path = _mark_of(git, rescue.name)
    with open(f"{path}.new", "w", encoding="ascii") as file:
        file.write(f"{os.getpid()}\n")
    os.replace(f"{path}.new", path)


def unmark(git: Git, name: str) -> None:
    """Take the note away, if it is there."""
    _remove(_mark_of(git, name))


def _remove(path: str) -> None:
    """Remove a file, unless another process was faster."""
    try:
        os.unlink(path)
    except FileNotFoundError:
        return


def is_marked(git: Git, name: str) -> bool:
    """Whether the run that a rescue was made for did not end well, or goes on still."""
    return os.path.lexists(_mark_of(git, name))


def was_killed(git: Git, name: str) -> bool:
    """Whether the run that a rescue was made for is gone and has not taken its mark away."""
    try:
        with open(_mark_of(git, name), encoding="ascii") as file:
            return not is_alive(file.read(32))
    except FileNotFoundError:
        return False


def _mark_of(git: Git, name: str) -> str:
    tree, _, stem = name.rpartition("/")
    return os.path.join(git.common, *(("worktrees", tree) if tree else ()), *_MARKS, stem)


def names(git: Git) -> list[str]:
    """Return the names of all rescues, the oldest first; those of linked work trees begin with the tree's name."""
    said = git.ask("for-each-ref", "--format=%(refname)", PREFIX.rstrip("/"))
    found = [os.fsdecode(line).removeprefix(PREFIX) for line in said.split()]
    return sorted(found, key=lambda name: name.rpartition("/")[2])


def own_names(git: Git) -> list[str]:
    """Return the names of the rescues of this work tree, the oldest first."""
    return [name for name in names(git) if name.rpartition("/")[0] == git.tree]


def find(git: Git, name: str) -> Rescue:
    """Return a rescue with what it holds; GitError when there is none of this name."""
    commit = git.ask("rev-parse", "-q", "--verify", f"{PREFIX}{name}^{{commit}}").decode().strip()
    base = git.ask("rev-list", "--parents", "-n1", commit).decode().split()[-1]
    fields = git.ask("diff-tree", "-r", "-z", "--raw", "--no-renames", "--abbrev=64", base, commit).split(b"\0")
    work: dict[bytes, Content] = {}
    for about, path in zip(fields[::2], fields[1::2], strict=False):
        _, mode, _, blob, _ = about.removeprefix(b":").split(b" ")
        work[path] = NOTHING if mode == b"000000" else (mode, blob)
    return Rescue(name=name, commit=commit, work=work, intended=_intended(git, commit))


def _intended(git: Git, commit: str) -> list[bytes]:
    said = git.ask("cat-file", "commit", commit).decode("utf-8", "replace").splitlines()
    return [_unescaped(line.removeprefix(_INTENDED)) for line in said if line.startswith(_INTENDED)]


def drop(git: Git, name: str) -> None:
    """Forget a rescue."""
    git.ask("update-ref", "-d", f"{PREFIX}{name}")
    unmark(git, name)


def prune(git: Git) -> None:
    """Forget the oldest of those that belong to runs that have ended."""
    ended = [name for name in own_names(git) if not is_marked(git, name)]
    for name in ended[:-_MOST]:
        drop(git, name)
