"""`devkit init`: a new repository that runs."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from devkit.cli.options import Command, with_session

if TYPE_CHECKING:
    from devkit.api.result import Result
    from devkit.session.session import Session


@click.command(cls=Command)
@click.argument("directory", metavar="[DIR]", required=False, default=".")
@click.option(
    "--template", "-t", metavar="NAME|PATH|URL[@REF]", help="What to start from; see `devkit template list`."
)
@click.option("--data", "-d", multiple=True, metavar="KEY=VALUE", help="An answer; may be repeated.")
@click.option("--data-file", metavar="FILE", type=click.Path(), help="Answers from a TOML, YAML or JSON file.")
@click.option("--defaults", is_flag=True, help="Take the default of every question.")
@click.option("--without", multiple=True, metavar="STAGE", help="Leave a stage out; may be repeated.")
@click.option("--no-git", is_flag=True, help="Make no repository and no commit.")
@click.option("--no-env", is_flag=True, help="Lock and install no dependencies.")
@with_session
def command(session: Session, directory: str, template: str | None, **flags: Any) -> Result:
    """Make a new repository in DIR (default: the current folder) that runs, passes its tests and is committed."""
    from devkit.cli.asking import ask, given_answers
    from devkit.report.founding import founded_result
    from devkit.session.founding import DEFAULT_TEMPLATE, InitRequest, found

    if not directory:
        raise click.UsageError("the name of the folder is empty")
    may_ask = session.options.is_interactive and not (flags["defaults"] or session.options.assume_yes)
    request = InitRequest(
        destination=Path(os.path.abspath(session.folder / directory)),
        template=template or DEFAULT_TEMPLATE,
        data=given_answers(session.folder, flags["data"], flags["data_file"]),
        without=flags["without"],
        has_git=not flags["no_git"],
        has_env=not flags["no_env"],
        ask=ask if may_ask else None,
    )
    made = found(session, request)
    return founded_result(
        made.plan,
        made.destination,
        template=made.template,
        has_commit=made.has_commit,
        error=made.error,
    )
