"""Ports as text has them."""

from __future__ import annotations

LARGEST_PORT = 65_535


def port_number(text: str) -> int | None:
    """Return the port that a text names, `None` where it names none; 0 leaves the choice to the system."""
    is_number = text.isascii() and text.isdecimal() and len(text) <= len(str(LARGEST_PORT))
    return int(text) if is_number and int(text) <= LARGEST_PORT else None
