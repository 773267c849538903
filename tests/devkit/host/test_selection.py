from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from devkit.host.entries import OWN_DISTRIBUTION, Installed
from devkit.host.selection import selection

if TYPE_CHECKING:
    from collections.abc import Mapping

BUILT_IN = Installed(name="test", distribution=OWN_DISTRIBUTION, version="1", module="devkit_test.plugin")
A, B = (Installed(name=name, distribution=f"acme-{name}", version="1", module=name) for name in ("a", "b"))


def _taken(*names: str, no_plugins: bool = False, environ: Mapping[str, str] | None = None) -> list[str]:
    chosen = selection(no_plugins=no_plugins, names=names, environ=environ or {})
    return [plugin.name for plugin in (BUILT_IN, A, B) if chosen.takes(plugin)]


def test_every_plugin_takes_part_unless_told_otherwise() -> None:
    assert _taken() == ["test", "a", "b"]


def test_the_built_in_plugins_always_take_part() -> None:
    assert _taken(no_plugins=True) == ["test"]
    assert _taken("a") == ["test", "a"]


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"DEVKIT_PLUGINS": "b, a"}, ["test", "a", "b"]),
        ({"DEVKIT_PLUGINS": "b"}, ["test", "b"]),
        ({"DEVKIT_PLUGINS": ""}, ["test", "a", "b"]),
        ({"DEVKIT_DISABLE_PLUGIN_AUTOLOAD": "1"}, ["test"]),
        ({"DEVKIT_DISABLE_PLUGIN_AUTOLOAD": "0"}, ["test", "a", "b"]),
        ({"DEVKIT_DISABLE_PLUGIN_AUTOLOAD": "1", "DEVKIT_PLUGINS": "a"}, ["test", "a"]),
    ],
)
def test_variables_choose_plugins(environ: dict[str, str], expected: list[str]) -> None:
    assert _taken(environ=environ) == expected


def test_a_flag_wins_over_a_variable() -> None:
    assert _taken("b", environ={"DEVKIT_PLUGINS": "a"}) == ["test", "b"]
    assert _taken(no_plugins=True, environ={"DEVKIT_PLUGINS": "a"}) == ["test"]
    assert _taken("b", no_plugins=True) == ["test", "b"]


def test_names_that_no_plugin_has_are_found() -> None:
    chosen = selection(no_plugins=False, names=("a", "c"), environ={})
    assert chosen.unknown({"a", "b"}) == ("c",)
