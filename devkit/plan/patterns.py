"""Which files of a project a task's patterns mean; pure text, no look at the disk."""

from __future__ import annotations

import re
from functools import cache
from itertools import takewhile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_WILD = re.compile(r"[*?\[]")
_KEPT_BESIDE = ("__pycache__", "node_modules")
_NOT_ENTERED = rf"(?!\.|(?:{'|'.join(_KEPT_BESIDE)})(?:/|$))"
"""What no wildcard stands for: hidden names, and folders that programs keep beside sources."""
_FOLDERS = rf"(?:{_NOT_ENTERED}[^/]+/)*"
_ANYTHING = rf"{_FOLDERS}{_NOT_ENTERED}[^/]+"


class Patterns:
    """Patterns of paths below the project's root.

    `*` and `?` stay within a folder, `**` stands for any number of folders, and at the end for everything below. A
    plain path means the file, or everything below the folder. What a pattern after `!` matches is taken away.
    Wildcards stand for no hidden name.
    """

    def __init__(self, patterns: Sequence[str]) -> None:
        self.wanted = tuple(pattern for pattern in patterns if not pattern.startswith("!"))
        unwanted = [pattern[1:] for pattern in patterns if pattern.startswith("!")]
        self._wanted = [re.compile(_expression(pattern)) for pattern in self.wanted]
        self._any = re.compile("|".join(map(_expression, self.wanted))) if self.wanted else None
        self._none = re.compile("|".join(map(_expression, unwanted))) if unwanted else None
        self.prefixes = tuple(_prefix(pattern) for pattern in self.wanted)
        """The folder or file that each wanted pattern begins with, up to its first wildcard; `""` is the root."""

    def matches(self, path: str) -> bool:
        """Whether a path is meant."""
        return self._any is not None and self._any.fullmatch(path) is not None and not self.excludes(path)

    def excludes(self, path: str) -> bool:
        """Whether a path is taken away, whatever means it."""
        return self._none is not None and self._none.fullmatch(path) is not None

    def unmatched(self, paths: Iterable[str]) -> tuple[str, ...]:
        """Return the patterns that none of the paths fits."""
        left = dict(zip(self.wanted, self._wanted, strict=True))
        for path in paths:
            if not left:
                break
            for pattern in [pattern for pattern, expression in left.items() if expression.fullmatch(path)]:
                del left[pattern]
        return tuple(left)


def is_below(path: str, folder: str) -> bool:
    """Whether a path is a folder or below it; everything is below the root, `""`."""
    return not folder or path == folder or path.startswith(f"{folder}/")


def parts(pattern: str) -> list[str]:
    """Return the names that a pattern is made of."""
    return [part for part in pattern.split("/") if part not in {"", "."}]


def is_wild(part: str) -> bool:
    """Whether one of these names holds a wildcard."""
    return _WILD.search(part) is not None


def is_entered(name: str) -> bool:
    """Whether a wildcard may stand for a folder of this name."""
    return not name.startswith(".") and name not in _KEPT_BESIDE


def matches_name(name: str, part: str) -> bool:
    """Whether a wildcard stands for a name."""
    return _name_expression(part).fullmatch(name) is not None


@cache
def _name_expression(part: str) -> re.Pattern[str]:
    return re.compile(_segment(part))


def _prefix(pattern: str) -> str:
    return "/".join(takewhile(lambda part: not is_wild(part), parts(pattern)))


def _expression(pattern: str) -> str:
    names = parts(pattern)
    if not names:
        return _ANYTHING
    *folders, last = names
    above = "".join(_FOLDERS if part == "**" else f"{_segment(part)}/" for part in folders)
    if last == "**":
        return above + _ANYTHING
    below = "" if _WILD.search(last) else f"(?:/{_ANYTHING})?"
    return above + _segment(last) + below


def _segment(part: str) -> str:
    """Return the expression for one name."""
    found, position = "", 0
    while position < len(part):
        sign = part[position]
        end = part.find("]", position + 2) if sign == "[" else -1
        if end > 0:
            found += _class(part[position + 1 : end])
            position = end
        else:
            found += {"*": "[^/]*", "?": "[^/]"}.get(sign) or re.escape(sign)
        position += 1
    return (_NOT_ENTERED if part[0] in "*?[" else "") + found


def _class(inside: str) -> str:
    negated, inside = inside[:1] in {"!", "^"}, inside[1:] if inside[:1] in {"!", "^"} else inside
    safe = re.sub(r"([\\\]\[&~|^])", r"\\\1", inside)
    try:
        re.compile(f"[{safe}]")
    except re.error:
        return re.escape(f"[{inside}]")
    return f"(?!/)[{'^' if negated else ''}{safe}]"
