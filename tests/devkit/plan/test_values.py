"""When two values are the same."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from devkit.plan.values import is_list, is_same, plain


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        ([1, (2,)], (1, [2])),
        (float("nan"), float("nan")),
        (0.5, 0.5),
        (None, None),
    ],
)
def test_the_same_data_is_the_same_whatever_holds_it(left: Any, right: Any) -> None:
    assert is_same(left, right)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (1, True),
        (1, 1.0),
        (0, False),
        ("1", 1),
        ([], {}),
        ({}, None),
        ([1, 2], [2, 1]),
        ({"a": 1}, {"a": 1, "b": None}),
        (date(2026, 1, 1), datetime(2026, 1, 1)),  # noqa: DTZ001 - documents hold local times
        ("ab", ["a", "b"]),
    ],
)
def test_other_types_and_other_orders_of_lists_differ(left: Any, right: Any) -> None:
    assert not is_same(left, right)
    assert not is_same(right, left)


def test_a_plain_copy_shares_nothing() -> None:
    value: Any = {"a": ({"b": [1]},)}
    copy: Any = plain(value)
    copy["a"][0]["b"].append(2)
    assert value == {"a": ({"b": [1]},)}
    assert copy == {"a": [{"b": [1, 2]}]}


def test_text_is_no_list() -> None:
    assert not is_list("ab")
    assert is_list(())
