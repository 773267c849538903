"""How wide text is where no font can be asked: estimated with room to spare, and broken into lines."""

from __future__ import annotations

from devkit.report.text import columns_of

_NARROW = frozenset("fijlrt.,:;'`!|()[]{}/ ")
_BROAD = frozenset("mwMW@%&")
_ELLIPSIS = "…"
_WIDE = 2


def text_width(text: str, size: float) -> float:
    """Return the width of text in a sans-serif font, in the unit of its size; rather too much than too little."""
    return sum(map(_em, text)) * size


def broken(text: str, limit: float, size: float, most: int) -> list[str]:
    """Return text in lines no wider than `limit`; what goes beyond `most` lines is left out with an ellipsis."""
    lines: list[str] = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and text_width(longer, size) > limit:
            lines.append(word)
        else:
            lines[-1] = longer
    if len(lines) > most:
        lines = [*lines[: most - 1], f"{lines[most - 1]} {_ELLIPSIS}"]
    return [shortened(line, limit, size) for line in lines if line]


def shortened(text: str, limit: float, size: float) -> str:
    """Return text that is no wider than `limit`, its end left out with an ellipsis if need be."""
    if text_width(text, size) <= limit:
        return text
    kept = text.removesuffix(_ELLIPSIS)
    while kept and text_width(kept + _ELLIPSIS, size) > limit:
        kept = kept[:-1]
    return kept.rstrip() + _ELLIPSIS


def _em(character: str) -> float:
    if columns_of(character) == _WIDE:
        return 1.05
    if character in _BROAD:
        return 0.98
    if character in _NARROW:
        return 0.4
    return 0.72 if character.isupper() else 0.64
