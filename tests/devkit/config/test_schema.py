from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from devkit.api.stages import Settings
from devkit.config.schema import json_schema, plain
from devkit.errors import PLUGIN_INVALID, DevkitError


class Level(StrEnum):
    LOW = "low"
    HIGH = "high"


@dataclass(frozen=True)
class Target:
    """One thing to build.

    More about it.
    """

    port: int = 80


@dataclass(frozen=True)
class BuildSettings:
    level: Level = field(default=Level.LOW, metadata={"help": "How much."})
    max_size: float | None = None
    is_on: bool = True
    names: tuple[str, ...] = ("a",)
    pair: tuple[int, str] = (1, "b")
    either: int | str = 1
    labels: dict[str, str] = field(default_factory=dict)
    targets: dict[str, Target] = field(default_factory=lambda: {"web": Target()})
    main: Target = Target(port=8080)
    anything: Any = None


DECLARED = [Settings(table="build", type=BuildSettings)]


def test_the_schema_is_valid_by_its_own_schema() -> None:
    Draft202012Validator.check_schema(json_schema(DECLARED))


def test_each_setting_has_type_default_and_description() -> None:
    build = json_schema(DECLARED)["properties"]["build"]
    target = {
        "description": "One thing to build.",
        "type": "object",
        "properties": {"port": {"type": "integer", "default": 80}},
        "additionalProperties": False,
    }
    assert build == {
        "type": "object",
        "properties": {
            "level": {"type": "string", "enum": ["low", "high"], "description": "How much.", "default": "low"},
            "max-size": {"type": "number"},
            "is-on": {"type": "boolean", "default": True},
            "names": {"type": "array", "items": {"type": "string"}, "default": ["a"]},
            "pair": {
                "type": "array",
                "prefixItems": [{"type": "integer"}, {"type": "string"}],
                "minItems": 2,
                "maxItems": 2,
                "default": [1, "b"],
            },
            "either": {"anyOf": [{"type": "integer"}, {"type": "string"}], "default": 1},
            "labels": {"type": "object", "additionalProperties": {"type": "string"}, "default": {}},
            "targets": {"type": "object", "additionalProperties": target, "default": {"web": {"port": 80}}},
            "main": {**target, "default": {"port": 8080}},
            "anything": {},
        },
        "additionalProperties": False,
    }


def test_the_keys_of_devkit_itself_are_described() -> None:
    schema = json_schema([])
    assert schema["additionalProperties"] is False
    assert all(part["description"] for part in schema["properties"].values())


@pytest.mark.parametrize(
    ("data", "is_valid"),
    [
        ({"build": {"level": "high", "targets": {"api": {"port": 1}}}, "facts": {"port": 1}}, True),
        ({"build": {"level": "medium"}}, False),
        ({"build": {"levle": "low"}}, False),
        ({"builds": {}}, False),
    ],
)
def test_the_schema_accepts_what_the_loader_accepts(data: dict[str, Any], is_valid: bool) -> None:
    assert Draft202012Validator(json_schema(DECLARED)).is_valid(data) is is_valid


@dataclass(frozen=True)
class StrangeSettings:
    when: complex = 0j


def test_a_type_that_configuration_cannot_hold_is_the_plugins_fault() -> None:
    with pytest.raises(DevkitError, match="complex") as caught:
        json_schema([Settings(table="strange", type=StrangeSettings)])
    assert caught.value.kind is PLUGIN_INVALID


def test_numbers_that_json_lacks_become_text() -> None:
    assert plain([float("inf"), 1.5, None, {"a": Level.LOW}]) == ["inf", 1.5, None, {"a": "low"}]
