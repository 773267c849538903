"""A template as an answer: what it asks, whose files are whose, and what of it would run code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from devkit.report.result import Result
from devkit.report.tables import aligned
from devkit.report.text import clean, style

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from devkit.api.values import Value


def template_result(
    name: str, questions: Mapping[str, Value], *, kind: str, revision: str, seeded: Sequence[str], code: Sequence[str]
) -> Result:
    """Return what is known of a template before it is used."""
    lines = [f"{style(clean(name), 'bold')} ({kind}{f' at {revision[:12]}' if revision else ''})"]
    lines += ["", style("asks", "bold"), *_indented(aligned([(clean(key), clean(str(questions[key]))) for key in questions]))]
    lines += [f"{style('yours once made:', 'bold')} {clean(', '.join(seeded) or 'nothing')}"]
    if code:
        lines += [f"{style('runs code:', 'yellow')} {clean(', '.join(code))}; it needs `devkit trust`"]
    data = {"name": name, "kind": kind, "revision": revision, "questions": dict(questions)}
    return Result(schema="devkit.template/1", data={**data, "seeded": list(seeded), "code": list(code)}, lines=lines)


def _indented(lines: Sequence[str]) -> list[str]:
    return [f"  {line}" for line in lines]
