"""Values from the ledger's rows, checked: another program may have put others there."""

from __future__ import annotations

from contextlib import contextmanager
from math import isfinite
from typing import TYPE_CHECKING

from devkit.ledger.lastrun import Ending
from devkit.ledger.place import DamagedError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from devkit.api.tasks import Figure


@contextmanager
def understood() -> Iterator[None]:
    """Turn what conversions of the block raise into `DamagedError`."""
    try:
        yield
    except (TypeError, ValueError) as problem:
        message = "it holds values that are not devkit's"
        raise DamagedError(message) from problem


def number(value: object) -> float:
    """Return a finite number; `ValueError` for anything else."""
    found = float(str(value))
    if not isfinite(found):
        message = "not a time"
        raise ValueError(message)
    return found


def number_or_none(value: object) -> float | None:
    """Return a finite number, or `None` for `None`."""
    return None if value is None else number(value)


def figures_of(value: object) -> dict[str, Figure]:
    """Return what a task measured; `ValueError` for what is not a JSON object of figures."""
    import json

    found = json.loads(str(value))
    if not isinstance(found, dict) or not all(isinstance(item, str | int | float) for item in found.values()):
        message = "not figures"
        raise ValueError(message)
    return found


def ending(value: object, *, is_over: bool) -> Ending:
    """Return an ending; what seems to be running was interrupted when its devkit is gone (`is_over`)."""
    found = Ending(str(value))
    return Ending.INTERRUPTED if is_over and found is Ending.RUNNING else found
