"""Contributions of several stages to one file."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devkit.api.actions import KeyedList, ListRule, Merge, SetList
from devkit.errors import CONTESTED_VALUE, PLUGIN_INVALID, DevkitError
from devkit.plan.compose import Composed, compose, read_rules


def merge(data: Any, **lists: Any) -> Merge:
    return Merge(path="f.toml", data=data, lists={name.replace("__", "."): rule for name, rule in lists.items()})


def test_equal_values_share_ownership() -> None:
    composed = compose("f", [("env", merge({"a": 1, "t": {"x": 1}})), ("test", merge({"a": 1, "t": {"y": [2]}}))])
    assert composed.data == {"a": 1, "t": {"x": 1, "y": [2]}}
    assert composed.owners == {("a",): ("env", "test"), ("t", "x"): ("env",), ("t", "y"): ("test",)}


@pytest.mark.parametrize("other", [2, True, 1.0, "1", None, [1], {"b": 1}])
def test_two_values_for_one_key_name_both_owners_and_the_key(other: Any) -> None:
    for one, two in ((1, other), (other, 1)):
        with pytest.raises(DevkitError, match=r"env and test set `t\.a`") as caught:
            compose("f", [("env", merge({"t": {"a": one}})), ("test", merge({"t": {"a": two}}))])
        assert caught.value.kind is CONTESTED_VALUE


def test_sets_are_united() -> None:
    rule = {"extensions": SetList()}
    composed = compose(
        "f", [("a", merge({"extensions": ["x", "y"]}, **rule)), ("b", merge({"extensions": ["y", "z"]}, **rule))]
    )
    assert composed.data == {"extensions": ["x", "y", "z"]}
    assert composed.owners[("extensions", 1)] == ("a", "b")


def test_items_with_a_key_are_united_recursively() -> None:
    rules: Any = {"repos": KeyedList("repo"), "repos__hooks": KeyedList("id")}
    one = merge({"repos": [{"repo": "r", "rev": "1", "hooks": [{"id": "a"}]}]}, **rules)
    two = merge({"repos": [{"repo": "r", "rev": "1", "hooks": [{"id": "b"}]}, {"repo": "s"}]}, **rules)
    composed = compose("f", [("one", one), ("two", two)])
    assert composed.data == {"repos": [{"repo": "r", "rev": "1", "hooks": [{"id": "a"}, {"id": "b"}]}, {"repo": "s"}]}
    assert composed.owners[("repos", 0, "rev")] == ("one", "two")
    assert composed.owners[("repos", 0, "hooks", 1, "id")] == ("two",)


def test_items_that_differ_within_name_the_place() -> None:
    parts = [(str(rev), merge({"repos": [{"repo": "r", "rev": rev}]}, repos=KeyedList("repo"))) for rev in (1, 2)]
    with pytest.raises(DevkitError, match=r"1 and 2 set `repos\.0\.rev`"):
        compose("f", parts)


@pytest.mark.parametrize("rules", [{}, {"x": KeyedList("id")}])
def test_rules_must_agree(rules: Any) -> None:
    with pytest.raises(DevkitError, match="a and b treat `x`") as caught:
        compose("f", [("a", merge({"x": [1]}, x=SetList())), ("b", merge({"x": [1]}, **rules))])
    assert caught.value.kind is CONTESTED_VALUE


def test_an_item_without_its_key_is_the_plugins_mistake() -> None:
    with pytest.raises(DevkitError, match="without `id`") as caught:
        compose("f", [("a", merge({"x": [{"name": 1}]}, x=KeyedList("id")))])
    assert caught.value.kind is PLUGIN_INVALID


def test_short_forms_of_compose_files_are_united_by_their_keys() -> None:
    rules: Any = {"ports": KeyedList("target")}
    composed = compose(
        "f", [("a", merge({"ports": ["8000:80"]}, **rules)), ("b", merge({"ports": ["8000:80", "9:9"]}, **rules))]
    )
    assert composed.data == {"ports": ["8000:80", "9:9"]}
    with pytest.raises(DevkitError, match=r"a and b set `ports\.0`"):
        compose("f", [("a", merge({"ports": ["8000:80"]}, **rules)), ("b", merge({"ports": ["81:80"]}, **rules))])


def test_rules_survive_as_text() -> None:
    lists: dict[str, ListRule] = {"a": SetList(), "b.c": KeyedList("id")}
    texts = Composed(data={}, lists=lists, owners={}).rules_text
    assert texts == {"a": "set", "b.c": "by id"}
    assert read_rules({**texts, "x": "of another version"}) == lists


def test_the_result_shares_nothing_with_the_contributions() -> None:
    data: Any = {"a": {"b": [1]}}
    composed: Any = compose("f", [("a", merge(data))])
    composed.data["a"]["b"].append(2)
    assert data == {"a": {"b": [1]}}


TREES = st.recursive(
    st.integers(0, 3) | st.booleans(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=6,
)


@settings(deadline=None)
@given(data=st.dictionaries(st.sampled_from("abc"), TREES, max_size=3))
def test_a_contribution_twice_is_the_same_as_once(data: Any) -> None:
    assert compose("f", [("a", merge(data)), ("b", merge(data))]).data == data
