"""Values of the configuration as answers, with their origins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from devkit.api.result import Result
from devkit.report.tables import aligned
from devkit.report.text import clean, style

if TYPE_CHECKING:
    from collections.abc import Sequence

    from devkit.config.show import Shown


def settings_result(shown: Sequence[Shown], *, has_origin: bool, is_value: bool = False) -> Result:
    """Return values as `key = value` lines; `is_value` prints a single value alone, as scripts want it."""
    if is_value and len(shown) == 1:
        value = shown[0].value
        lines = [clean(value if isinstance(value, str) else shown[0].text)]
    else:
        lines = aligned([_row(each, has_origin=has_origin) for each in shown])
    settings = [
        {
            "key": each.key,
            "value": each.value,
            "origin": each.kind,
            "from": each.origin,
            "path": each.place.path if each.place else None,
            "line": each.place.line if each.place else None,
        }
        for each in shown
    ]
    return Result(schema="devkit.config/1", data={"settings": settings}, lines=lines)


def _row(each: Shown, *, has_origin: bool) -> list[str]:
    assignment = f"{style(clean(each.key), 'bold')} = {clean(each.text)}"
    return [assignment, style(clean(each.origin), "dim")] if has_origin else [assignment]
