"""What `.dockerignore` leaves out of a build, as the engine reads it."""

from __future__ import annotations

import posixpath
import re
from functools import cached_property

from msgspec import Struct

from devkit.api import DOCKERFILE_INVALID, DevkitError, Place

ALWAYS_IGNORED = (".git", ".devkit", ".env", ".env.*", "!.env.example", "**/.env", ".venv", "node_modules")
"""What stays out of a build that has no `.dockerignore`: secrets, history, and what is made on this machine."""
_WILD = frozenset("*?[]\\")


class _Pattern(Struct, frozen=True):
    text: str
    is_exception: bool
    regex: re.Pattern[str]

    def may_match_below(self, folder: str) -> bool:
        """Whether something in a folder may match."""
        literal = _literal_start(self.text)
        return f"{folder}/".startswith(literal) or literal.startswith(f"{folder}/")


class Ignoring(Struct, frozen=True, dict=True):
    """The patterns of a `.dockerignore` in their order: the last one that matches decides."""

    patterns: tuple[_Pattern, ...]

    def leaves_out(self, path: str) -> bool:
        """Whether a file or folder, relative to the context, is left out.

        Follows `MatchesUsingParentResults` of github.com/moby/patternmatcher: what a pattern matches, it matches with
        all below, and it is only asked where it would change something.
        """
        matched = [False] * len(self.patterns)
        is_out = False
        for part in _with_parents(path):
            is_out = False
            for at, pattern in enumerate(self.patterns):
                if not matched[at] and pattern.is_exception == is_out:
                    matched[at] = pattern.regex.fullmatch(part) is not None
                if matched[at]:
                    is_out = not pattern.is_exception
        return is_out

    def leaves_out_all(self, folder: str) -> bool:
        """Whether nothing of a folder is taken, so that there is no need to look into it."""
        return self.leaves_out(folder) and not any(each.may_match_below(folder) for each in self._exceptions)

    @cached_property
    def _exceptions(self) -> tuple[_Pattern, ...]:
        return tuple(pattern for pattern in self.patterns if pattern.is_exception)


def read_ignoring(text: str | None) -> Ignoring:
    """Return the patterns of a `.dockerignore`; those of ALWAYS_IGNORED where there is no such file."""
    lines = ALWAYS_IGNORED if text is None else text.removeprefix("\ufeff").split("\n")
    stripped = (line.strip() for line in lines if not line.startswith("#"))
    return Ignoring(tuple(_pattern(line) for line in stripped if line and line != "!"))


def ignoring_text() -> str:
    """Return what a project without a `.dockerignore` is built with, as such a file."""
    return "".join(f"{line}\n" for line in ALWAYS_IGNORED)


def _pattern(line: str) -> _Pattern:
    is_exception = line.startswith("!")
    text = posixpath.normpath(line.removeprefix("!").strip()).lstrip("/")
    if text.startswith("!") and not is_exception:  # a slash before it was taken away
        is_exception, text = True, text[1:]
    try:
        return _Pattern(text, is_exception, re.compile(_translate(text), re.DOTALL))
    except re.error as problem:
        message = f"`{line}` is no pattern of files to leave out: {problem.msg}"
        raise DevkitError(DOCKERFILE_INVALID, message, place=Place(path=".dockerignore")) from problem


def _translate(text: str) -> str:
    """Return a pattern of Go's `filepath.Match`, with `**` for any number of folders, as a regular expression.

    With `**` at its beginning, and no other wild card, it is the end of a path.
    """
    if text.startswith("**") and not _WILD.intersection(text[2:]) and not text.startswith("**/"):
        return f".*{re.escape(text[2:])}"
    out, at = "", 0
    while at < len(text):
        piece, at = _piece(text, at)
        out += piece
    return out


def _piece(text: str, at: int) -> tuple[str, int]:
    character = text[at]
    if text.startswith("**", at):
        end = at + 3 if text.startswith("/", at + 2) else at + 2
        return "(?:.*/)?" if end < len(text) else ".*", end
    if character in "*?":
        return ("[^/]*" if character == "*" else "[^/]"), at + 1
    if character == "\\" and at + 1 < len(text):
        return re.escape(text[at + 1]), at + 2
    if character == "[" and (end := text.find("]", at + 2)) > 0:
        inside = text[at + 1 : end].replace("[", "\\[")
        return f"[{inside}]", end + 1
    return re.escape(character), at + 1


def _literal_start(text: str) -> str:
    """Return the beginning of a pattern up to its first wild card."""
    end = next((at for at, character in enumerate(text) if character in _WILD), len(text))
    return text[:end]


def _with_parents(path: str) -> list[str]:
    parts = path.split("/")
    return ["/".join(parts[:count]) for count in range(1, len(parts) + 1)]
