"""Errors and findings as lines and as documents: one form for all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from devkit.report.text import clean, style

if TYPE_CHECKING:
    from devkit.api.findings import Finding
    from devkit.errors import DevkitError, Place

_LEVEL_COLOURS = {"error": "red", "warning": "yellow", "info": "cyan"}


def error_lines(error: DevkitError, hints: tuple[str, ...] = (), *, has_state: bool = True) -> list[str]:
    """Return the lines that tell a person of a failure; `hints` are further helps, from plugins.

    Of several failures only the last has the line with the state.
    """
    lines = _head("error", error.kind.code, error.message)
    lines += _place(error.place)
    lines += [_note("help", text) for text in (error.help, *hints) if text]
    return [*lines, _note("state", error.state)] if has_state else lines


def finding_lines(finding: Finding) -> list[str]:
    """Return the lines that tell a person of a finding."""
    lines = _head(str(finding.severity), finding.code, finding.message) + _place(finding.place)
    return [*lines, _note("help", finding.help)] if finding.help else lines


def error_document(error: DevkitError) -> dict[str, Any]:
    """Return a failure as a program reads it."""
    place = error.place
    return {
        "code": error.kind.code,
        "exit": error.exit,
        "message": error.message,
        "path": place.path if place else None,
        "line": place.line if place else None,
        "column": place.column if place else None,
        "help": error.help,
        "state": error.state,
    }


def finding_document(finding: Finding) -> dict[str, Any]:
    """Return a finding as a program reads it."""
    place = finding.place
    return {
        "code": finding.code,
        "severity": str(finding.severity),
        "message": finding.message,
        "path": place.path if place else None,
        "line": place.line if place else None,
        "column": place.column if place else None,
        "help": finding.help,
    }


def _head(level: str, code: str, message: str) -> list[str]:
    first, *rest = clean(message).splitlines() or [""]
    return [f"{style(f'{level}[{code}]', 'bold', _LEVEL_COLOURS[level])}: {style(first, 'bold')}", *rest]


def _note(word: str, text: str) -> str:
    first, *rest = clean(text).splitlines() or [""]
    return "\n".join([f"   = {style(word, 'bold')}: {first}", *(f"     {line}" for line in rest)])


def _place(place: Place | None) -> list[str]:
    if place is None:
        return []
    where = f"  {style('-->', 'blue')} {clean(str(place))}"
    if not place.text or place.line is None:
        return [where]
    gutter = " " * len(str(place.line))
    source = clean(place.text.rstrip("\n")).replace("\t", " ")
    marks = " " * ((place.column or 1) - 1) + "^" * max(1, place.width)
    bar = style("|", "blue")
    return [
        where,
        f"{gutter} {bar}",
        f"{place.line} {bar} {source}",
        f"{gutter} {bar} {marks} {place.label}".rstrip(),
    ]
