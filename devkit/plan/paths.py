"""Which paths a project may hold: inside it, and the same on every system."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from devkit.errors import BAD_PATH, COLLIDING_PATH, DevkitError, Kind, Place

if TYPE_CHECKING:
    from collections.abc import Iterable

_LONGEST_NAME = 255
_PLAIN = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_-]{2,39}(?:\.[a-z0-9]{1,12})?")
_DRIVE = re.compile(r"[A-Za-z]:")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)", re.IGNORECASE)
_UNSEEN = (
    "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069"
    "\u206a\u206b\u206c\u206d\u206e\u206f\ufeff"
)
"""What the file systems of macOS leave out when they compare names, and marks that make a name read otherwise."""


def checked(path: str, place: Place | None = None) -> str:
    """Return a path relative to the project, or raise `BAD_PATH` or `COLLIDING_PATH` saying what is wrong with it.

    `place` is where the path was given, such as the file of a template.
    """
    problem = problem_of(path)
    if problem is None:
        return path
    kind, message = problem
    help_text = (
        "generated files stay below the project root" if kind is BAD_PATH else "choose a name that every system takes"
    )
    raise DevkitError(kind, f"{path!r} {message}", place=place, help=help_text)


def problem_of(path: str) -> tuple[Kind, str] | None:
    """Return what is wrong with a path, to follow the path in a sentence; `None` when it is fit for every system."""
    if path.startswith(("/", "\\")):
        return BAD_PATH, "is an absolute path"
    if "\\" in path:
        return BAD_PATH, "holds a backslash, which leads elsewhere on Windows"
    found = (_name_problem(name) for name in path.split("/") if not _is_plain(name))
    return next((problem for problem in found if problem is not None), None)


def check_collisions(paths: Iterable[str]) -> None:
    """Raise `COLLIDING_PATH` when two paths, or a file and a folder, are one on another system."""
    spellings: dict[str, str] = {}
    folders: dict[str, str] = {}
    files: dict[str, str] = {}
    for path in paths:
        files[_note(path, spellings)] = path
        above = path.rpartition("/")[0]
        while above and above not in folders:
            folders[above] = _note(above, spellings)
            above = above.rpartition("/")[0]
    for folder, spelling in folders.items():
        if spelling in files:
            raise _collision(files[spelling], f"{folder}/")


def folded(path: str) -> str:
    """Return the spelling under which systems that ignore case and composition know a path."""
    if path.isascii():
        return path.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", path).casefold())


def _is_plain(name: str) -> bool:
    """Whether a name is one of the many that need no closer look."""
    return _PLAIN.fullmatch(name) is not None and _RESERVED.match(name) is None


def _name_problem(name: str) -> tuple[Kind, str] | None:
    if not name:
        return BAD_PATH, "has an empty part"
    if name in {".", ".."}:
        return BAD_PATH, f"has the part `{name}`"
    if _DRIVE.match(name):
        return BAD_PATH, "names a drive"
    if any(unicodedata.category(character) in {"Cc", "Cs"} for character in name):
        return BAD_PATH, "holds a control character"
    if _is_git(name):
        return BAD_PATH, "leads into git's own folder"
    return _foreign_problem(name)


def _is_git(name: str) -> bool:
    """Whether some system takes a name for `.git`: as git itself checks it, after `is_ntfs_dotgit` and its kin."""
    seen = name.translate(dict.fromkeys(map(ord, _UNSEEN))).casefold()
    return seen.partition(":")[0].rstrip(" .") in {".git", "git~1"}


def _foreign_problem(name: str) -> tuple[Kind, str] | None:
    if name[-1] in ". ":
        return COLLIDING_PATH, "ends with a dot or a space, which Windows drops"
    if _RESERVED.fullmatch(name.partition(".")[0].rstrip(" ")):
        return COLLIDING_PATH, "is reserved on Windows"
    strange = next((character for character in name if character in '<>:"|?*' or character in _UNSEEN), None)
    if strange is not None:
        return COLLIDING_PATH, f"holds {strange!r}, which not every system allows"
    if len(name.encode()) > _LONGEST_NAME:
        return COLLIDING_PATH, f"has a part of more than {_LONGEST_NAME} bytes"
    return None


def _note(path: str, spellings: dict[str, str]) -> str:
    """Return a path as it is folded; raise when another one is folded to the same."""
    spelling = folded(path)
    if spellings.setdefault(spelling, path) != path:
        raise _collision(spellings[spelling], path)
    return spelling


def _collision(one: str, other: str) -> DevkitError:
    message = f"{one!r} and {other!r} are one name on some systems"
    return DevkitError(COLLIDING_PATH, message, place=Place(path=other), help="rename one of them")
