"""`devkit run` with nothing to do, answered before click or any plugin is imported.

A run in which every task was up to date leaves a file that says by what this can be told again: git's index and
status, and the marks of everything else that was looked at. The answer holds while all of that is the same; in any
doubt there is none, and the run goes its usual way. git works while Python is still starting up.
"""

import os
import sys

from devkit import __version__
from devkit.ledger.idleruns import note_idle
from devkit.project.gitwords import STATUS, environment, git_folder, index_checksum

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

FOLDER = ".devkit/state/idle"
FORMAT = "devkit idle 1"
SECTION, ITEM, FIELD = "\x1e", "\x1f", "\t"
"""What parts of a kept answer end with: plain text, since a parser would take longer to import than git takes."""
_PARTS = 10
_STATE = b".devkit/state/"
_LONGEST_STATUS = 65536
"""Bytes of git's answer that are kept as they are; of a longer one a digest."""
_PROJECT_FILES = (".devkit/lock.toml", "devkit.toml", "pyproject.toml")
_NOISY = ("GITHUB_ACTIONS", "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
"""Variables with which a run tells more than the terminal."""


class Kept:
    """The answer to a run, and by what it can be told that it still holds; every part is a list of texts.

    `key` is that of the invocation, `git` what stands for git's state, with the `commit`; `marks` are those of
    `devkit.project.marks`, `variables` name, salt and mark, `tools` name, place and the folders before PATH. The
    answer is `tasks`, each with reason, plugin and its version; and `lines`.
    """

    __slots__ = ("commit", "git", "key", "lines", "marks", "names", "tasks", "tools", "variables")

    def __init__(self, **parts: "list[str]") -> None:
        self.commit = parts["commit"]
        self.key = parts["key"]
        self.names = parts["names"]
        self.git = parts["git"]
        self.marks = parts["marks"]
        self.variables = parts["variables"]
        self.tools = parts["tools"]
        self.tasks = parts["tasks"]
        self.lines = parts["lines"]

    def text(self) -> str:
        """Return the answer as the text of a file."""
        return SECTION.join(ITEM.join(part) for part in ([FORMAT], *self.parts()))

    def parts(self) -> "list[list[str]]":
        """Return the parts in their order."""
        return [getattr(self, name) for name in self.__slots__]


def read_kept(text: str) -> Kept | None:
    """Return the answer that a text holds, `None` when it is none."""
    parts = [part.split(ITEM) if part else [] for part in text.split(SECTION)]
    if len(parts) != _PARTS or parts[0] != [FORMAT]:
        return None
    return Kept(**dict(zip(Kept.__slots__, parts[1:], strict=True)))


def idle_answer(words: "Sequence[str]") -> "list[str] | None":
    """Return the lines of a run with nothing to do, `None` when there may be something to do.

    `words` are all those of the command line; with options the answer is never kept.
    """
    if words[:1] != ["run"] or any(word.startswith("-") for word in words) or any(map(os.environ.get, _NOISY)):
        return None
    root = _root()
    path = os.path.join(root, file_name(words[1:])) if root else ""
    if not path or not os.path.exists(path) or not hasattr(os, "posix_spawnp"):
        return None
    status = _Status(root) if git_folder(root) else None
    try:
        kept = read_kept(_content(path))
        is_idle = kept is not None and kept.names == words[1:] and _holds(root, kept, status)
    except (ValueError, OSError):
        return None
    finally:
        if status is not None:
            status.close()
    if kept is None or not is_idle:
        return None
    is_noted = note_idle(root, "".join(kept.commit), __version__, kept.tasks)
    return kept.lines if is_noted else None


def file_name(names: "Sequence[str]") -> str:
    """Return where the answer to a run of these stages and tasks is kept; others may be kept there too."""
    fit = "".join(sign if sign.isalnum() else "-" for name in names for sign in f"+{name}")
    return f"{FOLDER}/run{fit[:80]}"


def git_mark(checksum: str, status: bytes) -> "list[str]":
    """Return what stands for the state of git's index and the answer of its status, escaped as names may be.

    What devkit keeps for itself comes and goes, and is not in it.
    """
    status = b"\0".join(line for line in status.split(b"\0") if line[:2] != b"! " or _STATE not in line)
    if len(status) > _LONGEST_STATUS:
        from hashlib import sha256

        return [checksum, sha256(status).hexdigest()]
    return [checksum, status.hex()]


class _Status:
    """A running `git status`."""

    def __init__(self, root: str) -> None:
        answer, end = os.pipe()
        actions = [(os.POSIX_SPAWN_DUP2, end, 1), (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0)]
        argv = [STATUS[0], "-C", root, *STATUS[1:]]
        try:
            self._pid = os.posix_spawnp(argv[0], argv, environment(), file_actions=actions)
        except OSError:
            self._pid = 0
        os.close(end)
        self._output = open(answer, "rb", buffering=1 << 18)  # noqa: SIM115 - closed by close()

    def answer(self) -> bytes | None:
        """Return what git says, `None` when it fails."""
        said = self._output.read()
        return said if self.close() == 0 else None

    def close(self) -> int:
        """Hear no more, wait, and return the exit code."""
        self._output.close()
        if not self._pid:
            return 1
        _, code = os.waitpid(self._pid, 0)
        self._pid = 0
        return code


def _root() -> str:
    """Return the project around the current folder, `""` where it takes a closer look to know."""
    here = os.getcwd()
    while True:
        if os.path.isdir(os.path.join(here, FOLDER)):
            return here
        is_end = os.path.lexists(os.path.join(here, ".git")) or here == os.path.dirname(here)
        if is_end or any(os.path.exists(os.path.join(here, name)) for name in _PROJECT_FILES):
            return ""
        here = os.path.dirname(here)


def _content(path: str) -> str:
    with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
        return os.fsdecode(file.read())


def _holds(root: str, kept: Kept, status: "_Status | None") -> bool:
    """Whether everything is as it was when the answer was kept."""
    from devkit.project.marks import hold
    from devkit.project.surroundings import program_folders, program_path, variable_mark
    from devkit.session.keys import invocation_key

    if bool(kept.git) != (status is not None) or kept.key != invocation_key(root) or not hold(kept.marks, root):
        return False
    for line in kept.variables:
        name, salt, mark = line.split(FIELD)
        if variable_mark(name, salt) != mark:
            return False
    for line in kept.tools:
        name, place, *first = line.split(FIELD)
        if program_path(name, program_folders(root, first)) != place:
            return False
    if status is None:
        return True
    said = status.answer()
    return said is not None and kept.git == git_mark(index_checksum(root), said)


def show(lines: "Sequence[str]") -> None:
    """Write the lines of an answer where those of a run go."""
    from devkit.report.colours import wants_color

    is_coloured = wants_color("auto", sys.stderr)
    sys.stderr.write("".join(f"{line if is_coloured else _plain(line)}\n" for line in lines))
    sys.stderr.flush()


def _plain(line: str) -> str:
    """Return a line without colours."""
    first, *rest = line.split("\x1b[")
    return first + "".join(part.partition("m")[2] for part in rest)
