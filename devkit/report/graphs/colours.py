"""The colours of stages: the same ones in every drawing, each readable on white and on black."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

HUES = ("#3178d4", "#2a9060", "#c0691a", "#8b5fd0", "#c94a62", "#16899b", "#94781a", "#7a8496", "#b454a8")
"""At least 3.3 times as light or dark as white and as near-black, as WCAG 2.1 asks of graphics (3 times)."""
TERMINAL = ("blue", "green", "yellow", "magenta", "red", "cyan")


def hue(group: str, groups: Sequence[str]) -> str:
    """Return the colour of a stage among all that are drawn."""
    return HUES[groups.index(group) % len(HUES)]


def terminal_colour(group: str, groups: Sequence[str]) -> str:
    """Return the name of a stage's colour on a terminal."""
    return TERMINAL[groups.index(group) % len(TERMINAL)]
