"""A new folder that appears whole or not at all."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def born(destination: Path) -> Iterator[Path]:
    """Yield an empty folder to build in; it is published as `destination` when the block ends well."""
    raise NotImplementedError
    yield
