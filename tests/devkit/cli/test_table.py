from __future__ import annotations

from importlib import import_module

import click
import pytest

from devkit.api.clicking import global_options
from devkit.cli.table import COMMANDS, OPTIONS, SECTIONS
from devkit.host.reserved import CORE_COMMANDS


def test_the_names_of_the_table_are_reserved() -> None:
    assert set(COMMANDS) <= CORE_COMMANDS


def test_every_command_stands_in_a_section_of_the_help() -> None:
    assert {command.section for command in COMMANDS.values()} <= set(SECTIONS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_target_is_a_click_command(name: str) -> None:
    module, _, attribute = COMMANDS[name].target.partition(":")
    command = getattr(import_module(module), attribute)
    assert isinstance(command, click.Command)
    below = {word for word in COMMANDS[name].words if not word.startswith("@")}
    assert below <= set(getattr(command, "commands", {}))


def test_the_options_of_the_table_are_those_that_click_knows() -> None:
    known = {
        (tuple(parameter.opts), isinstance(parameter, click.Option) and not (parameter.is_flag or parameter.count))
        for parameter in global_options()
    }
    listed = {(option.names, bool(option.value)) for option in OPTIONS}
    assert known == listed - {(("--version",), False), (("-h", "--help"), False)}
