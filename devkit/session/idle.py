"""`devkit run` with nothing to do, and commands that mean such a run, answered before any plugin is imported.

A run in which every task was up to date leaves a file that says by what this can be told again: git's index and
status of tracked files, the marks of everything else that was looked at, such as folders in which files may come
up, and what programs answer. It holds while all of that is the same; in any doubt there is no answer, and the run
goes its usual way. git works while Python is still starting up.
"""

import os
import sys

from devkit import __version__
from devkit.ledger.idleruns import note_idle
from devkit.project.gitwords import TRACKED_STATUS, environment, git_folder, index_checksum

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FOLDER = ".devkit/state/idle"
FORMAT = "devkit idle 3"
SECTION, ITEM, FIELD = "\x1e", "\x1f", "\t"
"""What parts of a kept answer end with: plain text, since a parser would take longer to import than git takes."""
_LONGEST_STATUS = 65536
"""Bytes of git's answer that are kept as they are; of a longer one a digest."""
_PROJECT_FILES = (".devkit/lock.toml", "devkit.toml", "pyproject.toml")
_PATIENCE = 5_000
"""Milliseconds in which a program has to answer."""
_QUIET = frozenset({"-q", "--quiet"})
_NOISY = ("GITHUB_ACTIONS", "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
"""Variables with which a run tells more than the terminal."""


class Kept:
    """The answer to a run, and by what it can be told that it still holds; every part is a list of texts.

    `words` are the command line, `key` is that of the invocation, `git` what stands for git's state, with the
    `commit`; `marks` are those of `devkit.project.marks`, `variables` name, salt and mark, `tools` name, place and
    the folders before PATH, `programs` what each prints, in hexadecimal, and its command line. The answer is `tasks`,
    each with reason, plugin and its version; the `lines` of the run; and those `printed` on stdout.
    """

    __slots__ = (
        "commit", "git", "key", "lines", "marks", "printed", "programs", "tasks", "tools", "variables", "words",
    )  # fmt: skip

    def __init__(self, **parts: "list[str]") -> None:
        self.commit = parts["commit"]
        self.git = parts["git"]
        self.key = parts["key"]
        self.lines = parts["lines"]
        self.marks = parts["marks"]
        self.printed = parts["printed"]
        self.programs = parts["programs"]
        self.tasks = parts["tasks"]
        self.tools = parts["tools"]
        self.variables = parts["variables"]
        self.words = parts["words"]

    def text(self) -> str:
        """Return the answer as the text of a file."""
        return SECTION.join(ITEM.join(part) for part in ([FORMAT], *self.parts()))

    def parts(self) -> "list[list[str]]":
        """Return the parts in their order."""
        return [getattr(self, name) for name in self.__slots__]


def read_kept(text: str) -> Kept | None:
    """Return the answer that a text holds, `None` when it is none."""
    parts = [part.split(ITEM) if part else [] for part in text.split(SECTION)]
    if len(parts) != 1 + len(Kept.__slots__) or parts[0] != [FORMAT]:
        return None
    return Kept(**dict(zip(Kept.__slots__, parts[1:], strict=True)))


def idle_answer(words: "Sequence[str]") -> Kept | None:
    """Return the answer to a command line with nothing to do, `None` when there may be something to do.

    `words` are all those of the command line; of options only `run -q` is answered, by fewer lines.
    """
    is_quiet = words[:1] == ["run"] and not _QUIET.isdisjoint(words)
    words = [word for word in words if word not in _QUIET] if is_quiet else words
    if not words or any(word.startswith("-") for word in words) or any(map(os.environ.get, _NOISY)):
        return None
    root = _root()
    path = os.path.join(root, file_name(words)) if root else ""
    if not path or not os.path.exists(path) or not hasattr(os, "posix_spawnp"):
        return None
    status = Asked([TRACKED_STATUS[0], "-C", root, *TRACKED_STATUS[1:]], environment()) if git_folder(root) else None
    try:
        kept = read_kept(_content(path))
        if kept is None or kept.words != words or not _holds(root, kept, status):
            return None
    except (ValueError, OSError):
        return None
    finally:
        if status is not None:
            status.close()
    if is_quiet:
        kept.lines = []
    is_noted = note_idle(root, words[0], "".join(kept.commit), __version__, kept.tasks)
    return kept if is_noted else None


def file_name(words: "Sequence[str]") -> str:
    """Return where the answer to a command line is kept; others may be kept there too."""
    fit = "".join(sign if sign.isalnum() else "-" for sign in "-".join(words))
    return f"{FOLDER}/of-{fit[:80]}"


def git_mark(checksum: str, status: bytes) -> "list[str]":
    """Return what stands for the state of git's index and what its status says of tracked files, escaped."""
    status = b"\0".join(line for line in status.split(b"\0") if line[:2] not in {b"? ", b"! "})
    if len(status) > _LONGEST_STATUS:
        from devkit.project.fingerprints import fingerprint

        return [checksum, fingerprint(status)]
    return [checksum, status.hex()]


class Asked:
    """A running program of which only what it prints matters."""

    def __init__(self, argv: "list[str]", environ: "Mapping[str, str]") -> None:
        answer, end = os.pipe()
        actions = [
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_DUP2, end, 1),
            (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
        ]
        try:
            self._pid = os.posix_spawnp(argv[0], argv, environ, file_actions=actions)
        except OSError:
            self._pid = 0
        os.close(end)
        self._output = answer

    def answer(self, patience: int | None = None) -> bytes | None:
        """Return what the program prints; `None` when it fails, or says nothing for so many milliseconds."""
        import select

        waiting = select.poll()
        waiting.register(self._output)
        said = b""
        while waiting.poll(patience):
            piece = os.read(self._output, 1 << 18)
            said += piece
            if not piece:
                return said if self._code() == 0 else None
        return None

    def close(self) -> None:
        """Hear no more, and leave nothing running."""
        if self._pid:
            os.kill(self._pid, 9)
            self._code()
        os.close(self._output)

    def _code(self) -> int:
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


def _holds(root: str, kept: Kept, status: "Asked | None") -> bool:
    """Whether everything is as it was when the answer was kept.

    The key comes first: no clone can know it, so an answer that came with one starts no program.
    """
    from devkit.project.marks import hold
    from devkit.project.surroundings import program_folders, program_path, variable_mark
    from devkit.session.keys import invocation_key

    if bool(kept.git) != (status is not None) or kept.key != invocation_key(root):
        return False
    for line in kept.variables:
        name, salt, mark = line.split(FIELD)
        if variable_mark(name, salt) != mark:
            return False
    for line in kept.tools:
        name, place, *first = line.split(FIELD)
        if program_path(name, program_folders(root, first)) != place:
            return False
    asked = [_ask(root, line) for line in kept.programs]
    try:
        if not hold(kept.marks, root):
            return False
        said = None if status is None else status.answer()
        if status is not None and (said is None or kept.git != git_mark(index_checksum(root), said)):
            return False
        return all(program.answer(_PATIENCE) == expected for program, expected in asked)
    finally:
        for program, _ in asked:
            program.close()


def _ask(root: str, line: str) -> "tuple[Asked, bytes]":
    """Start a program in the project's folder; return it with what it has to print."""
    expected, *argv = line.split(FIELD)
    here = os.getcwd()
    os.chdir(root)
    try:
        return Asked(argv, os.environ), bytes.fromhex(expected)
    finally:
        os.chdir(here)


def show(kept: Kept) -> None:
    """Write the lines of an answer where those of a run go, and those of a command."""
    from devkit.report.colours import wants_color

    is_coloured = wants_color("auto", sys.stderr)
    sys.stderr.write("".join(f"{line if is_coloured else _plain(line)}\n" for line in kept.lines))
    sys.stderr.flush()
    sys.stdout.write("".join(f"{line}\n" for line in kept.printed))


def _plain(line: str) -> str:
    """Return a line without colours."""
    first, *rest = line.split("\x1b[")
    return first + "".join(part.partition("m")[2] for part in rest)
