"""Names of items, and which of the user's is meant."""

from __future__ import annotations

from typing import Any

import pytest

from devkit.plan.members import has_identity, identity, matching
from devkit.plan.values import ABSENT


@pytest.mark.parametrize(
    ("item", "key", "name"),
    [
        ({"id": "x", "v": 1}, "id", "x"),
        ({"target": 80}, "target", "80"),
        ("8000:80", "target", "80"),
        ("127.0.0.1:8000:80/udp", "target", "80"),
        ("80", "target", "80"),
        ("MODE=a=b", "name", "MODE"),
        ("INHERITED", "name", "INHERITED"),
    ],
)
def test_an_item_is_known_by_its_key(item: Any, key: str, name: str) -> None:
    assert identity(item, key) == name
    assert has_identity(item, key)


def test_an_item_without_the_key_is_known_by_all_it_holds() -> None:
    assert not has_identity({"v": 1}, "id")
    assert identity({"v": 1}, "id") == identity({"v": 1}, "id") != identity({"v": 2}, "id")


def test_the_likest_of_several_is_matched_and_nothing_is_when_none_has_the_name() -> None:
    items: Any = [{"id": "a", "hooks": [{"id": "x"}]}, {"id": "a", "hooks": [{"id": "y"}]}, {"id": "b"}]
    assert matching(items, "id", {"id": "a", "hooks": [{"id": "y"}]}) == 1
    assert matching(items, "id", {"id": "c"}) is None
    assert matching(items, "id", ABSENT) is None
