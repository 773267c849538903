"""`devkit config`: read and set configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from devkit.cli.options import Group, warm_result, with_session

if TYPE_CHECKING:
    from devkit.api.result import Result
    from devkit.session.session import Session


@click.group(cls=Group)
def command() -> None:
    """Read and set configuration."""


@command.command()
@click.argument("key")
@with_session
def get(session: Session, key: str) -> Result:
    """Print the value of a key, or of every key of a table."""
    from devkit.report.settings import settings_result
    from devkit.session.configuring import shown

    return settings_result(shown(session, key), has_origin=False, is_value=True)


@command.command("set")
@click.argument("key")
@click.argument("value")
@with_session
def set_(session: Session, key: str, value: str) -> Result:
    """Set a key in the project's file; all else in it stays."""
    from devkit.api.result import Result
    from devkit.session.configuring import set_value

    name = set_value(session, key, value)
    return Result(schema="devkit.config-set/1", data={"key": key, "file": name}, lines=[f"set {key} in {name}"])


@command.command()
@click.option("--origin", is_flag=True, help="Also say where each value comes from.")
@with_session
def show(session: Session, *, origin: bool) -> Result:
    """Print every key with the value in force."""
    from devkit.session.warm import warm_answer

    if (lines := warm_answer(session, "config --origin" if origin else "config")) is not None:
        return warm_result("devkit.config/1", lines)
    from devkit.report.settings import settings_result
    from devkit.session.configuring import shown

    return settings_result(shown(session), has_origin=origin)
