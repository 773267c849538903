"""Text for a terminal: outside characters made safe, and colours that can be taken away again."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\udc80-\udcff]"
)
"""Control characters (but for tab and newline), those that reorder or hide what stands beside them, two that
no XML may hold, and the lone surrogates that stand for bytes which are no UTF-8 (PEP 383)."""
_LONE, _BYTES = 0xDC00, range(0xDC80, 0xDD00)
_COLOURS = {"bold": 1, "dim": 2, "red": 31, "green": 32, "yellow": 33, "blue": 34, "magenta": 35, "cyan": 36}
_USUAL = 80
"""Columns, where nothing says how many there are."""
_STYLED = re.compile("\x1b\\[[0-9;]*m")


def counted(number: int, noun: str) -> str:
    """Return a number with its noun, in the plural where it is not one."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def clean(text: str) -> str:
    r"""Return text from outside with every character that could steer the terminal escaped (`\x1b`)."""
    return text.translate(_ESCAPES) if _UNSAFE.search(text) else text


def readable(text: str) -> str:
    """Return text in which what was not UTF-8 is written as escapes, in the place of lone surrogates (PEP 383)."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def style(text: str, *names: str) -> str:
    """Return text in the named colours; `plain` takes them away."""
    codes = ";".join(str(_COLOURS[name]) for name in names)
    return f"\x1b[{codes}m{text}\x1b[0m"


def plain(text: str) -> str:
    """Return text without colours."""
    return _STYLED.sub("", text)


def columns(environ: Mapping[str, str] = os.environ) -> int:
    """Return how many columns stdout has: what `COLUMNS` says, those of the terminal, or 80."""
    if (told := environ.get("COLUMNS", "")).isdecimal() and int(told) > 0:
        return int(told)
    try:
        return os.get_terminal_size(1).columns or _USUAL
    except OSError:
        return _USUAL


def columns_of(text: str) -> int:
    """Return how many columns of a terminal text takes, colours left out."""
    text = plain(text)
    return len(text) if text.isascii() else sum(map(_columns_of, text))


def fitted(text: str, most: int) -> str:
    """Return text without colours that takes no more columns, its end left out with an ellipsis if need be."""
    if columns_of(text) <= most:
        return text
    kept = text[: max(most, 0)]
    while kept and columns_of(kept) > most - 1:
        kept = kept[:-1]
    return kept.rstrip() + "…" if most > 0 else ""


def _columns_of(character: str) -> int:
    import unicodedata

    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1


def _escaped(number: int) -> str:
    if number in _BYTES:
        number -= _LONE
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}"  # noqa: PLR2004 - one byte


class _Escapes(dict[int, str]):
    """What stands for each character, found out when it is first met: binary output is full of them."""

    def __missing__(self, number: int) -> str:
        character = chr(number)
        self[number] = _escaped(number) if _UNSAFE.match(character) else character
        return self[number]


_ESCAPES = _Escapes()
