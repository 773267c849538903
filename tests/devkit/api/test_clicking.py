from __future__ import annotations

import click
from click.testing import CliRunner

from devkit.api import CommandClass, GroupClass
from devkit.api.clicking import take_global_options


@click.group(cls=GroupClass)
def audit() -> None:
    """Look at things."""


@audit.command(cls=CommandClass)
@click.argument("what")
@click.option("--deep", is_flag=True, help="Look closely.")
def run(what: str, *, deep: bool) -> None:
    """Look at WHAT."""


def titles(*words: str) -> list[str]:
    """Return the sections of a help text, in order."""
    text = CliRunner().invoke(audit, [*words, "--help"], obj={}).output
    return [line.removesuffix(":") for line in text.splitlines() if line.endswith(":") and not line.startswith(" ")]


def test_the_commands_of_a_group_stand_before_the_options_that_all_have() -> None:
    take_global_options(audit)

    assert titles() == ["Options", "Commands", "Global options"]
    assert titles("run") == ["Options", "Global options"]
