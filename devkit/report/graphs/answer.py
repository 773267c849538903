"""The lifecycle as an answer: a drawing in the format that was asked for, and all of it as data."""

from __future__ import annotations

import os
from enum import StrEnum
from typing import TYPE_CHECKING, Any, assert_never

from devkit.api.result import Result
from devkit.errors import USAGE, DevkitError
from devkit.report.text import plain

if TYPE_CHECKING:
    from devkit.plan.shape import Shape


class Format(StrEnum):
    """What a graph is written as."""

    TEXT = "text"
    MERMAID = "mermaid"
    DOT = "dot"
    SVG = "svg"


_ENDINGS = {
    ".svg": Format.SVG,
    ".dot": Format.DOT,
    ".gv": Format.DOT,
    ".mmd": Format.MERMAID,
    ".mermaid": Format.MERMAID,
    ".txt": Format.TEXT,
    "": Format.TEXT,
}


def format_of(path: str) -> Format:
    """Return the format that the name of a file asks for; USAGE for one that asks for none of these."""
    ending = os.path.splitext(path)[1].lower()
    if ending not in _ENDINGS:
        help_text = "name it .svg, .dot, .mmd or .txt, or say what to write: --format svg"
        raise DevkitError(USAGE, f"a graph is not written as `{ending}`", help=help_text)
    return _ENDINGS[ending]


def drawing(shape: Shape, form: Format, *, width: int, is_ascii: bool = False) -> list[str]:
    """Return a drawing as lines; text for a terminal has colours and is no wider than `width`."""
    match form:
        case Format.TEXT:
            from devkit.report.graphs.rails import text_lines

            return text_lines(shape, width=width, is_ascii=is_ascii)
        case Format.SVG:
            from devkit.report.graphs.svg import svg as write
        case Format.DOT:
            from devkit.report.graphs.dot import dot as write
        case Format.MERMAID:
            from devkit.report.graphs.mermaid import mermaid as write
        case _:
            assert_never(form)
    return write(shape).splitlines()


def written(lines: list[str]) -> str:
    """Return a drawing as the text of a file."""
    return "".join(f"{plain(line)}\n" for line in lines)


def graph_result(
    shape: Shape, form: Format, lines: list[str], *, file: str = "", error: DevkitError | None = None
) -> Result:
    """Return the answer of `devkit graph`; `file` is where the drawing went, if not here."""
    data = {**shape_document(shape), "format": str(form), "file": file or None, "drawing": written(lines)}
    return Result(schema="devkit.graph/1", data=data, lines=[f"wrote {file}"] if file else lines, error=error)


def shape_document(shape: Shape) -> dict[str, Any]:
    """Return a graph as data."""
    return {
        "title": shape.title,
        "stages": list(shape.groups),
        "nodes": [
            {
                "name": node.name,
                "stage": node.group,
                "summary": node.summary,
                "effect": node.effect,
                "manual": node.is_manual,
                "missing": node.is_missing,
            }
            for node in shape.nodes
        ],
        "edges": [
            {"source": edge.source, "target": edge.target, "optional": edge.is_optional} for edge in shape.edges
        ],
    }
