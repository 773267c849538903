from __future__ import annotations

import os
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from devkit.cli.help import help_text, terminal_width
from devkit.cli.table import COMMANDS
from devkit.host.entries import OWN_DISTRIBUTION, Entry, IndexedPlugin

if TYPE_CHECKING:
    import pytest


def _plugin(name: str = "audit", distribution: str = "devkit-audit", error: str = "") -> IndexedPlugin:
    plugin = IndexedPlugin(name=name, distribution=distribution, version="1", module="m", error=error)
    if not error:
        plugin.stages = (Entry(f"{name}-stage", "A stage."),)
        plugin.commands = (Entry(f"{name}-command", "A command."),)
    return plugin


def test_every_command_stands_in_the_help_with_its_summary() -> None:
    text = help_text([], 80)
    for name, command in COMMANDS.items():
        assert any(
            line.split(maxsplit=1) == [name, command.summary] for line in text.splitlines() if line.startswith("  ")
        )


def test_commands_of_plugins_stand_apart_with_the_plugins_name() -> None:
    text = help_text([_plugin(), _plugin("hooks", OWN_DISTRIBUTION)], 80)
    assert "A command. [audit]" in text[text.index("Commands of plugins:") :]
    assert "hooks-command" not in text[text.index("Commands of plugins:") :]
    assert "audit-stage" in text[text.index("Stages:") :]


def test_a_plugin_that_was_left_out_is_named_with_the_reason() -> None:
    assert "broken  it does not import" in " ".join(
        help_text([_plugin("broken", error="it does not import")], 80).split("   ")
    )


@settings(max_examples=100)
@given(width=st.integers(1, 120), summary=st.text(st.characters(categories=["L", "Zs"]), max_size=200))
def test_no_line_is_longer_than_the_terminal_unless_a_word_is(width: int, summary: str) -> None:
    plugin = _plugin()
    plugin.commands = (Entry("audit", summary),)
    for line in help_text([plugin], width).splitlines():
        assert len(line) <= max(width, 40) or len(line.split()) <= 1 or max(map(len, line.split())) + 6 > width


def test_the_width_is_that_of_columns_and_never_uncomfortable(monkeypatch: pytest.MonkeyPatch) -> None:
    for columns, expected in (("40", 40), ("400", 110)):
        monkeypatch.setenv("COLUMNS", columns)
        assert terminal_width() == expected
    for columns in ("", "0", "wide", "-3"):
        monkeypatch.setenv("COLUMNS", columns)
        monkeypatch.setattr(os, "get_terminal_size", lambda _: os.terminal_size((66, 20)))
        assert terminal_width() == 66
