"""How git is asked what changed, so that nothing of the user's or the repository's configuration gets in the way.

Nothing but `os` is imported: the check of a run with nothing to do reads it before anything else.
"""

import os

SAFE = (
    "--no-pager",
    *("-c", "core.fsmonitor=false"),  # may name a program of the repository
    *("-c", "safe.bareRepository=explicit"),  # a repository hidden in the files of another one is none
    *("-c", "color.ui=false"),
    *("-c", "core.quotePath=off"),
    *("-c", "core.safecrlf=false"),  # may refuse what it would convert
    *("-c", "gc.auto=0"),
    *("-c", "maintenance.auto=false"),  # would outlive the command
)
"""Options before every command of git."""
_STATUS = (
    *("git", *SAFE, "--literal-pathspecs", "status", "--porcelain=v2", "-z", "--no-renames"),
    *("--ignore-submodules=all", "--branch", "--no-ahead-behind"),
)
STATUS = (*_STATUS, "--untracked-files=all", "--ignored=matching", "--", ".")
"""The question what differs from the index, is untracked, or ignored; and at which commit."""
TRACKED_STATUS = (*_STATUS, "--untracked-files=no", "--", ".")
"""The same of tracked files alone, for which git need not look into any folder."""
_TRAILER = 32
"""Bytes at the end of an index that hold its checksum, whichever the algorithm."""


def environment() -> dict[str, str]:
    """Return the environment of a git that only reads: no variable leads it to another repository."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("GIT_") or _is_kept(name)}
    own["LC_ALL"] = "C"
    own["GIT_OPTIONAL_LOCKS"] = own["GIT_TERMINAL_PROMPT"] = "0"
    return own


def index_checksum(root: str) -> str:
    """Return what tells an index from any other: its own checksum, or a digest where git leaves that out."""
    folder = git_folder(root)
    if not folder:
        return ""
    try:
        with open(os.path.join(folder, "index"), "rb") as file:
            size = os.fstat(file.fileno()).st_size
            file.seek(max(0, size - _TRAILER))
            trailer = file.read()
            if any(trailer[-20:]):
                return f"{size} {trailer.hex()}"
            from devkit.project.fingerprints import fingerprint

            file.seek(0)
            return f"{size} {fingerprint(file.read())}"
    except OSError:
        return ""


def git_folder(start: str) -> str:
    """Return the folder of the repository that a folder lies in, `""` without one.

    In a linked work tree or a submodule `.git` is a file that names it.
    """
    here = start
    while True:
        found = os.path.join(here, ".git")
        if os.path.isdir(found):
            return found
        if os.path.lexists(found):
            return _named_by(found, here)
        if here == os.path.dirname(here):
            return ""
        here = os.path.dirname(here)


def _named_by(file: str, here: str) -> str:
    """Return the folder that a `.git` file names, `""` where it cannot be read."""
    try:
        if not os.path.isfile(file):
            return ""
        with open(file, encoding="utf-8", errors="surrogateescape") as opened:
            return os.path.join(here, opened.readline().strip().removeprefix("gitdir:").strip())
    except OSError:
        return ""


def _is_kept(name: str) -> bool:
    """Whether a variable says how git works, and not where."""
    is_config = name.startswith("GIT_CONFIG_")
    return is_config or name in {"GIT_CEILING_DIRECTORIES", "GIT_DISCOVERY_ACROSS_FILESYSTEM", "GIT_EXEC_PATH"}
