"""Values as configuration and structured documents hold them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time

Scalar = str | int | float | bool | None | date | datetime | time
Value = Scalar | Sequence["Value"] | Mapping[str, "Value"]
KeyPath = tuple[str | int, ...]
"""The way to a value: mapping keys as text, list positions as numbers."""
