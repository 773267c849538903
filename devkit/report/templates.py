"""A template as an answer: what it asks, whose files are whose, and what of it would run code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from devkit.api.result import Result
from devkit.report.tables import aligned
from devkit.report.text import clean, style

if TYPE_CHECKING:
    from collections.abc import Sequence

    from devkit.render.source import TemplateSource


def template_result(source: TemplateSource) -> Result:
    """Return what is known of a template before it is used."""
    asked = {name: source.variables[name] for name in source.asks}
    rows = [(clean(name), clean(_default(value))) for name, value in asked.items()]
    at = f" at {source.revision[:12]}" if source.revision else ""
    lines = [f"{style(clean(source.name), 'bold')}  {clean(source.summary)} ({source.kind}{at})"]
    lines += ["", style("asks, with its default", "bold"), *_indented(aligned(rows))]
    lines += ["", f"{style('yours once made:', 'bold')} {clean(', '.join(source.seeded) or 'nothing')}"]
    if source.code:
        lines += [f"{style('runs code:', 'yellow')} {clean(', '.join(source.code))}; it needs `devkit trust`"]
    data: dict[str, Any] = {
        "name": source.name,
        "summary": source.summary,
        "kind": source.kind,
        "revision": source.revision,
    }
    data |= {"questions": asked, "seeded": list(source.seeded), "code": list(source.code)}
    return Result(schema="devkit.template/1", data=data, lines=lines)


def _indented(lines: Sequence[str]) -> list[str]:
    return [f"  {line}" for line in lines]


def _default(value: object) -> str:
    """Return a default as it is written in the template; of choices the first one is taken."""
    if not isinstance(value, list) or not value:
        return str(value)
    others = ", ".join(map(str, value[1:]))
    return f"{value[0]} (or {others})" if others else str(value[0])
