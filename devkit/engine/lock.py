"""One writer at a time: an advisory lock that dies with its holder."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PATIENCE = 5.0
"""Seconds to wait for another writer."""


@contextmanager
def writer_lock(root: Path, *, command: str, patience: float = PATIENCE) -> Iterator[None]:
    """Hold the project's writer lock for the block; raise `LOCKED` after waiting `patience` seconds."""
    raise NotImplementedError
    yield
