"""Lists of things as answers: aligned columns for people, records for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from devkit.api.result import Result
from devkit.report.text import clean, columns_of, style

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return rows as lines, their columns aligned; colours do not count as width."""
    widths = [max(map(columns_of, column)) for column in zip(*rows, strict=True)] if rows else []
    return ["  ".join(_padded(cell, width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def records_result(
    schema: str, name: str, records: Sequence[Mapping[str, Any]], columns: Sequence[str], empty: str
) -> Result:
    """Return records as an answer: `columns` are shown to people, everything goes into the document."""
    rows = [[_cell(record.get(column, ""), number) for number, column in enumerate(columns)] for record in records]
    return Result(schema=schema, data={name: [dict(record) for record in records]}, lines=aligned(rows) or [empty])


def _cell(value: Any, number: int) -> str:
    text = clean(" ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value))
    return style(text, "bold") if number == 0 else text


def _padded(cell: str, width: int) -> str:
    return cell + " " * (width - columns_of(cell))


def facts_result(schema: str, facts: Mapping[str, Any]) -> Result:
    """Return one record as an answer: a line for each of its keys that has a value."""
    rows = [[style(key, "bold"), _cell(value, 1)] for key, value in facts.items() if value not in ("", [], (), None)]
    return Result(schema=schema, data=dict(facts), lines=aligned(rows))
