"""What was cleaned away as an answer: a line for each thing, and what was freed altogether."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from devkit.api.result import Result
from devkit.report.tables import aligned
from devkit.report.text import clean, counted, style

if TYPE_CHECKING:
    from collections.abc import Sequence

_STEP = 1024
_UNITS = ("bytes", "KiB", "MiB", "GiB", "TiB")


class KeptLine(Protocol):
    """What is shown of one thing that went."""

    @property
    def path(self) -> str:
        """Where it was."""
        ...

    @property
    def files(self) -> int:
        """How many files it was."""
        ...

    @property
    def size(self) -> int:
        """Their bytes."""
        ...


def cleaned_result(found: Sequence[KeptLine], *, is_dry: bool) -> Result:
    """Return what was taken away, or would be."""
    verb = "would free" if is_dry else "freed"
    total = sum(each.size for each in found)
    rows = [[clean(each.path), counted(each.files, "file"), size(each.size)] for each in found]
    lines = [*aligned(rows), style(f"{verb} {size(total)}", "bold")] if found else ["nothing to clean"]
    data = {"cleaned": [_document(each) for each in found], "bytes": total, "dry_run": is_dry}
    return Result(schema="devkit.clean/1", data=data, lines=lines)


def size(count: int) -> str:
    """Return a number of bytes in the unit that suits it."""
    amount, unit = float(count), 0
    while amount >= _STEP and unit < len(_UNITS) - 1:
        amount, unit = amount / _STEP, unit + 1
    return f"{count} bytes" if unit == 0 else f"{amount:.1f} {_UNITS[unit]}"


def _document(kept: KeptLine) -> dict[str, Any]:
    return {"path": kept.path, "files": kept.files, "bytes": kept.size}
