"""Versions as the files of a project ask for them, written as specifiers of PEP 440; sets joined by `||` are choices.

Sources: docs.npmjs.com/cli/configuring-npm/package-json#engines and github.com/npm/node-semver#ranges,
python-poetry.org/docs/dependency-specification.
"""

from __future__ import annotations

import re

_PARTIAL = r"v?(\d+|[xX*])(?:\.(\d+|[xX*]))?(?:\.(\d+|[xX*]))?(?:[-+][\w.+-]+)?"
_COMPARATOR = re.compile(rf"\s*(\^|~>?|>=|<=|>|<|==|!=|=)?\s*{_PARTIAL}\s*,?")
_HYPHEN = re.compile(rf"\s*{_PARTIAL}\s+-\s+{_PARTIAL}\s*")
_NODE_NAMES = {"argon": 4, "boron": 6, "carbon": 8, "dubnium": 10, "erbium": 12, "fermium": 14, "gallium": 16,
               "hydrogen": 18, "iron": 20, "jod": 22, "krypton": 24}  # fmt: skip
"""The long-term releases of Node by name: github.com/nodejs/Release."""
Parts = tuple[int, ...]


def semver_range(text: str) -> str | None:
    """Return what a range of npm or Poetry means, `""` for any version; `None` for what is no range."""
    sets = [_set(part) for part in text.split("||")]
    if None in sets:
        return None
    return "" if "" in sets else " || ".join(part for part in sets if part)


def pinned_range(text: str) -> str | None:
    """Return what a single version means, as `.python-version` and mise pin it; `None` for what is none.

    `3.12` stands for all its releases; what is said before the number (`cpython-`, `prefix:`) does not matter.
    """
    match = re.fullmatch(r"(?:cpython[-@]|prefix:|v|=)?(\d+(?:\.\d+){0,3})", text.strip())
    if match is None:
        return "" if text.strip() in {"latest", "system", "stable", "*"} else None
    return f"=={match[1]}" if match[1].count(".") > 1 else f"=={match[1]}.*"


def node_range(text: str) -> str | None:
    """Return what `.nvmrc` asks for: a version, a range, `node`, or a long-term release by name."""
    word = text.strip().lower()
    if word in {"node", "stable", "lts/*", "lts", "latest", "current", "system"}:
        return ""
    if word.startswith("lts/"):
        major = _NODE_NAMES.get(word.removeprefix("lts/"))
        return f"=={major}.*" if major else None
    return pinned_range(word) if pinned_range(word) is not None else semver_range(word)


def lowest_version(wanted: str) -> str:
    """Return a version to ask an installer for: the one that a range begins with, `""` when it has no beginning."""
    match = re.search(r"(?:>=|==|~=)\s*(\d+(?:\.\d+)*)", wanted)
    return match[1] if match else ""


def _set(text: str) -> str | None:
    text = text.strip()
    if text in {"", "*", "x", "X", "latest"}:
        return ""
    if (match := _HYPHEN.fullmatch(text)) is not None:
        low, high = _parts(match.groups()[:3]), _parts(match.groups()[3:])
        return _joined(_at_least(low), _up_to(high))
    found: list[str] = []
    end = 0
    while end < len(text):
        part = _COMPARATOR.match(text, end)
        if part is None:
            return None
        found.append(_comparator(part[1] or "", _parts(part.groups()[1:])))
        end = part.end()
    return _joined(*found)


def _comparator(sign: str, parts: Parts) -> str:
    """Return what a sign and a version mean; a part that is missing stands for any."""
    if not parts:
        return ""
    is_whole = len(parts) == _WHOLE
    dotted = _dotted(parts)
    below = {"^": _caret(parts), "~": min(len(parts), 2), "~>": min(len(parts), 2)}
    if sign in below:
        return _joined(_at_least(parts), f"<{_dotted(_next(parts, below[sign]))}")
    meanings = {
        ">=": _at_least(parts),
        "<": f"<{dotted}",
        "<=": _up_to(parts),
        ">": f">{dotted}" if is_whole else f">={_dotted(_next(parts, len(parts)))}",
        "!=": f"!={dotted}" if is_whole else f"!={dotted}.*",
    }
    return meanings.get(sign, f"=={dotted}" if is_whole else f"=={dotted}.*")


_WHOLE = 3
"""Parts of a version that names one release."""


def _caret(parts: Parts) -> int:
    """Return how many parts stay as they are but the last: up to the first that is not zero."""
    return next((number for number, part in enumerate(parts, 1) if part), len(parts))


def _next(parts: Parts, length: int) -> Parts:
    return (*parts[: length - 1], parts[length - 1] + 1)


def _at_least(parts: Parts) -> str:
    return f">={_dotted(parts)}" if parts else ""


def _up_to(parts: Parts) -> str:
    if not parts:
        return ""
    return f"<={_dotted(parts)}" if len(parts) == _WHOLE else f"<{_dotted(_next(parts, len(parts)))}"


def _parts(texts: tuple[str | None, ...]) -> Parts:
    found: list[int] = []
    for text in texts:
        if text is None or not text.isdecimal():
            break
        found.append(int(text))
    return tuple(found)


def _dotted(parts: Parts) -> str:
    return ".".join(map(str, parts))


def _joined(*parts: str) -> str:
    return ",".join(part for part in parts if part)
