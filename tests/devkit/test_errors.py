from __future__ import annotations

from pathlib import Path

import pytest

import devkit
import devkit.errors
from devkit.errors import KINDS, Kind, Place, did_you_mean

NAMES = {name: value for name, value in vars(devkit.errors).items() if isinstance(value, Kind)}
SOURCES = [path.read_text("utf-8") for path in Path(devkit.__file__).parent.rglob("*.py") if path.name != "errors.py"]


@pytest.mark.parametrize("name", NAMES)
def test_every_kind_of_error_can_happen(name: str) -> None:
    assert any(name in text for text in SOURCES)


def test_a_code_stands_for_one_kind_only() -> None:
    assert len(KINDS) == len(NAMES)


def test_exit_codes_are_those_of_the_contract() -> None:
    allowed = {1, 2, 3, 4, 65, 66, 69, 70, 73, 74, 75, 77, 78, 129, 130, 143}

    assert {kind.exit for kind in KINDS.values()} <= allowed


def test_a_place_reads_like_a_compiler_s() -> None:
    assert str(Place(path="a.toml", line=3, column=1)) == "a.toml:3:1"
    assert str(Place(path="a.toml")) == "a.toml"


def test_a_suggestion_is_made_only_when_something_is_near() -> None:
    assert did_you_mean("tset", ["test", "build"]) == "did you mean `test`?"
    assert did_you_mean("xyz", ["test"], "stages: test") == "stages: test"
