from __future__ import annotations

from typing import Any

import pytest

from devkit.plan.splice import Format
from devkit.plan.structure import has_path, parses, path_named

DOCUMENT: dict[str, Any] = {"a": {"b.c": {"d": 1}, "b": {"x": [1]}}, "a.b": {"y": 2}}


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("a", ("a",)),
        ("a.b", ("a", "b")),
        ("a.b.c.d", ("a", "b.c", "d")),
        ("a.b.y", ("a.b", "y")),
        ("a.b.z", None),
        ("a.b.x.0", None),
        ("", None),
    ],
)
def test_a_dotted_name_finds_its_key_though_keys_hold_dots(name: str, path: tuple[str, ...] | None) -> None:
    assert path_named(DOCUMENT, name) == path


def test_a_path_is_there_when_each_of_its_parts_is() -> None:
    assert has_path(DOCUMENT, ("a", "b", "x", 0))
    assert not has_path(DOCUMENT, ("a", "b", "x", 1))
    assert not has_path(DOCUMENT, ("a", "b", "x", 0, "z"))


def test_a_text_parses_in_its_own_format_only() -> None:
    assert parses("a = 1\n", Format.TOML)
    assert not parses("a = 1\n", Format.JSON)
