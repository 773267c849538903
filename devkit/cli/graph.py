"""`devkit graph`: stages and tasks as a drawing."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from devkit.cli.options import Command, with_session

if TYPE_CHECKING:
    from devkit.api.result import Result
    from devkit.session.session import Session


@click.command(cls=Command)
@click.argument("names", nargs=-1, metavar="[STAGE|TASK]...")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "mermaid", "dot", "svg"]),
    help="What to write; without it, what the name of the file says, or text.",
)
@click.option("--tasks/--stages", "of_tasks", default=True, help="Draw the tasks, or only the stages.")
@click.option("-o", "--output", default="", metavar="FILE", help="Write into FILE.")
@with_session
def command(session: Session, *, names: tuple[str, ...], form: str | None, of_tasks: bool, output: str) -> Result:
    """Draw the tasks and what each needs, or the stages: as text, Mermaid, DOT or SVG.

    With names, only these stages and tasks, and what they need.
    """
    from devkit.engine.outputfile import write_output
    from devkit.report.graphs.answer import Format, drawing, format_of, graph_result, written
    from devkit.report.text import columns
    from devkit.session.graphing import graph

    shape, cycle = graph(session, names, of_stages=not of_tasks)
    chosen = Format(form) if form else format_of(output)
    is_ascii = not output and (sys.stdout.encoding or "utf-8").lower().replace("-", "") != "utf8"
    lines = drawing(shape, chosen, width=columns(), is_ascii=is_ascii)
    if output:
        write_output(session.folder / output, written(lines))
    return graph_result(shape, chosen, lines, file=output, error=cycle)
