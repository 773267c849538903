from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

import pytest

from devkit.config.coerce import MisfitError, coerce, describe, field_types
from devkit.config.text import Text, is_deep, literal
from devkit.errors import PLUGIN_INVALID, DevkitError

if TYPE_CHECKING:
    from decimal import Decimal

    from devkit.api.values import Value


class Size(Enum):
    SMALL = "s"
    LARGE = "l"


@dataclass(frozen=True)
class Inner:
    a_b: int = 1


@dataclass(frozen=True)
class Hidden:
    amount: Decimal | None = None


@dataclass(frozen=True)
class Open:
    anything: Value = None


@pytest.mark.parametrize(
    ("hint", "value", "expected"),
    [
        (bool, True, True),
        (bool, Text(" Yes "), True),
        (int, 3, 3),
        (int, Text("-3"), -3),
        (float, 3, 3.0),
        (float, Text("1e3"), 1000.0),
        (str, "x", "x"),
        (str, Text("3"), "3"),
        (Size, "l", Size.LARGE),
        (int | None, 3, 3),
        (int | str, "x", "x"),
        (bool | int | str, Text("7"), 7),
        (tuple, [1, "a"], (1, "a")),
        (tuple[int, ...], [], ()),
        (tuple[int, str], Text("1,2"), (1, "2")),
        (tuple[Inner, ...], [{"a-b": 2}], (Inner(a_b=2),)),
        (dict, {"a": 1}, {"a": 1}),
        (dict[str, int], Text('{ a = 1, "b c" = 2 }'), {"a": 1, "b c": 2}),
        (dict[str, tuple[Inner, ...]], {"x": [{}]}, {"x": (Inner(),)}),
        (Any, {"a": [1]}, {"a": [1]}),
        (Any, Text("true"), True),
        (Any, Text("12"), 12),
        (Any, Text("3.10"), "3.10"),
        (Any, Text("007"), "007"),
        (Any, Text("['a']"), ["a"]),
        (Any, Text('"12"'), "12"),
        (Any, Text("[oops"), "[oops"),
    ],
)
def test_values_become_the_declared_type(hint: Any, value: object, expected: object) -> None:
    result = coerce(hint, value)
    assert result == expected
    assert type(result) is type(expected)


@pytest.mark.parametrize(
    ("hint", "value", "expected", "path"),
    [
        (bool, 1, "`true` or `false`", ()),
        (bool, Text("2"), "`true` or `false`", ()),
        (int, True, "a whole number", ()),
        (int, 1.0, "a whole number", ()),
        (int, Text(""), "a whole number", ()),
        (int, Text("9" * 5000), "a whole number", ()),
        (float, True, "a number", ()),
        (float, 10**400, "a smaller number", ()),
        (str, 1, "text", ()),
        (Size, "m", "one of `s`, `l`", ()),
        (int | None, "x", "a whole number", ()),
        (int | str, [1], "a whole number or text", ()),
        (tuple[int, ...], [1, "x"], "a whole number", (1,)),
        (tuple[int, ...], Text("1,x"), "a whole number", (1,)),
        (tuple[int, ...], Text("[1"), "a list", ()),
        (tuple[int, int], [1], "a list of 2 values", ()),
        (tuple[Inner, ...], [{"a-b": "x"}], "a whole number", (0, "a-b")),
        (dict[str, dict[str, int]], {"a": {"b": ""}}, "a whole number", ("a", "b")),
        (dict[str, int], Text("a"), "a table", ()),
        (Inner, [], "a table", ()),
    ],
)
def test_what_does_not_fit_says_what_would_and_where(
    hint: Any, value: object, expected: str, path: tuple[str | int, ...]
) -> None:
    with pytest.raises(MisfitError) as caught:
        coerce(hint, value)
    assert (caught.value.expected, caught.value.path) == (expected, path)


def test_types_are_described_in_plain_words() -> None:
    assert describe(dict[str, int] | tuple[int, ...] | None) == "a table or a list"


def test_types_that_only_a_type_checker_sees_are_the_plugins_fault() -> None:
    with pytest.raises(DevkitError, match="Decimal") as caught:
        field_types(Hidden)
    assert caught.value.kind is PLUGIN_INVALID
    assert "TYPE_CHECKING" in caught.value.help


@dataclass(frozen=True)
class Needy:
    name: str


@pytest.mark.parametrize(("hint", "value"), [(complex, 1), (list[int], []), (Needy, {})])
def test_a_setting_that_cannot_be_read_at_all_is_the_plugins_fault(hint: Any, value: object) -> None:
    with pytest.raises(DevkitError) as caught:
        coerce(hint, value)
    assert caught.value.kind is PLUGIN_INVALID


def test_value_needs_no_import_and_means_anything() -> None:
    assert field_types(Open)["anything"] is Any


@pytest.mark.parametrize("text", ["1\nother = 2", "", "[" * 5000, "[" * 120 + "]" * 120, ".".join(["{a"] * 300)])
def test_text_that_is_no_single_literal_is_none(text: str) -> None:
    assert literal(text) is None


def test_nesting_is_measured_without_recursion() -> None:
    value: object = 1
    for _ in range(100_000):
        value = [value]
    assert is_deep(value)
    assert not is_deep([[{"a": [1]}], 2])
