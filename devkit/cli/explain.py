"""`devkit explain`: the reason behind a code, a file or a task."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from devkit.cli.options import Command, with_session

if TYPE_CHECKING:
    from devkit.api.result import Result
    from devkit.session.session import Session


@click.command(cls=Command)
@click.argument("name", metavar="CODE|FILE|TASK")
@with_session
def command(session: Session, name: str) -> Result:
    """Say what an error code means, who generates a file and why, or what a task does and why it would run."""
    from devkit.api.result import Result
    from devkit.report.text import clean, style
    from devkit.session.explaining import explain

    found = explain(session, name)
    lines = [f"{style(clean(found.name), 'bold')}: {clean(found.title)}", *(clean(line) for line in found.sentences)]
    data: dict[str, object] = {
        "kind": found.kind,
        "name": found.name,
        "title": found.title,
        "explanation": list(found.sentences),
    }
    if found.kind == "task":
        data |= {"up_to_date": found.is_fresh, "changes": list(found.changes)}
    return Result(schema="devkit.explain/1", data=data, lines=lines)
