"""The three-way merge of keys, by case and by property."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devkit.api.actions import KeyedList, SetList
from devkit.plan.keys import KeyMerge, merge_keys
from devkit.plan.splice.data import after
from devkit.plan.splice.edits import AddItem, DropKey, SetKey
from devkit.plan.values import is_same

SET: Any = {"extensions": SetList()}
HOOKS: Any = {"repos": KeyedList("repo"), "repos.hooks": KeyedList("id"), "repos.hooks.args": SetList()}


def merged(merge: KeyMerge, theirs: Any) -> Any:
    return after(theirs, merge.edits)


def test_a_new_key_is_set() -> None:
    merge = merge_keys(None, {"a": {"b": 1}}, {"z": 0}, {})
    assert merge.edits == (SetKey(("a",), {"b": 1}),)
    assert merge.baseline == {"a": {"b": 1}}


def test_the_users_value_wins_where_devkits_did_not_change() -> None:
    merge = merge_keys({"a": 1}, {"a": 1}, {"a": 2}, {})
    assert merge == KeyMerge(edits=(), conflicts=(), baseline={"a": 1})


def test_a_change_of_devkit_is_made_where_the_user_changed_nothing() -> None:
    merge = merge_keys({"a": 1, "b": 1}, {"a": 2, "b": 1}, {"a": 1, "b": 5}, {})
    assert merge.edits == (SetKey(("a",), 2),)
    assert merge.baseline == {"a": 2, "b": 1}


def test_two_different_changes_conflict_and_the_baseline_stays() -> None:
    merge = merge_keys({"a": 1, "b": 1}, {"a": 2, "b": 2}, {"a": 3, "b": 1}, {})
    assert [conflict.path for conflict in merge.conflicts] == [("a",)]
    assert merge.edits == (SetKey(("b",), 2),)
    assert merge.baseline == {"a": 1, "b": 2}


def test_the_same_change_on_both_sides_needs_nothing() -> None:
    assert merge_keys({"a": 1}, {"a": 2}, {"a": 2}, {}) == KeyMerge(edits=(), conflicts=(), baseline={"a": 2})


def test_a_key_the_user_deleted_stays_deleted() -> None:
    assert not merge_keys({"a": 1}, {"a": 1}, {}, {}).edits
    merge = merge_keys({"a": 1}, {"a": 2}, {}, {})
    assert merge == KeyMerge(edits=(), conflicts=(), baseline={"a": 2})


def test_a_deleted_table_stays_deleted_with_the_keys_that_devkit_adds_to_it() -> None:
    merge = merge_keys({"tool": {"ruff": {"a": 1}}}, {"tool": {"ruff": {"a": 1, "b": 2}}}, {}, {})
    assert not merge.edits


def test_a_deleted_table_says_nothing_about_its_neighbours() -> None:
    merge = merge_keys({"tool": {"ruff": {"a": 1}}}, {"tool": {"ruff": {"a": 1}, "mypy": {"b": 2}}}, {}, {})
    assert merge.edits == (SetKey(("tool", "mypy"), {"b": 2}),)


def test_a_key_that_devkit_gave_up_goes_when_the_user_left_it_alone() -> None:
    merge = merge_keys({"a": 1, "b": 1}, {}, {"a": 1, "b": 2, "c": 3}, {})
    assert merge.edits == (DropKey(("a",)),)
    assert merge.baseline == {}


def test_containers_that_become_empty_go_as_well() -> None:
    merge = merge_keys(
        {"t": {"x": {"a": 1}, "y": {"b": 1}}}, {"t": {"y": {"b": 1}}}, {"t": {"x": {"a": 1}, "y": {}}}, {}
    )
    assert merge.edits == (DropKey(("t", "x")),)
    both = merge_keys({"t": {"x": {"a": 1, "l": [1]}}}, {}, {"t": {"x": {"l": [1], "a": 1}}}, {})
    assert both.edits == (DropKey(("t",)),)


def test_a_container_with_a_key_of_the_users_stays() -> None:
    merge = merge_keys({"t": {"a": 1}}, {}, {"t": {"a": 1, "mine": 2}}, {})
    assert merge.edits == (DropKey(("t", "a")),)


def test_without_a_baseline_the_users_value_is_a_conflict_and_an_equal_one_is_shared() -> None:
    merge = merge_keys(None, {"a": 1, "b": 2, "c": {"d": 1}}, {"a": 1, "b": 3, "c": {"e": 1}}, {})
    assert [conflict.path for conflict in merge.conflicts] == [("b",)]
    assert merge.edits == (SetKey(("c", "d"), 1),)
    assert merge.baseline == {"a": 1, "c": {"d": 1}}


@pytest.mark.parametrize(("ours", "theirs"), [(1, True), (1, 1.0), ("1", 1), (None, False), ([], {})])
def test_values_of_different_types_are_not_the_same(ours: Any, theirs: Any) -> None:
    assert merge_keys(None, {"a": ours}, {"a": theirs}, {}).conflicts


def test_a_table_in_the_place_of_a_value_conflicts_when_both_changed() -> None:
    assert merge_keys({"a": 1}, {"a": {"b": 1}}, {"a": 2}, {}).conflicts
    assert merge_keys({"a": 1}, {"a": {"b": 1}}, {"a": 1}, {}).edits == (SetKey(("a",), {"b": 1}),)


def test_a_list_without_a_rule_is_one_value() -> None:
    assert merge_keys({"a": [1]}, {"a": [1, 2]}, {"a": [1, 3]}, {}).conflicts
    assert merge_keys({"a": [1]}, {"a": [1, 2]}, {"a": [1]}, {}).edits == (SetKey(("a",), [1, 2]),)


def test_a_set_adds_its_own_members_and_drops_only_those() -> None:
    theirs: Any = {"extensions": ["old", "mine", "x"]}
    merge = merge_keys({"extensions": ["old", "gone"]}, {"extensions": ["gone", "new", "x"]}, theirs, SET)
    assert merged(merge, theirs) == {"extensions": ["mine", "x", "new"]}
    assert merge.baseline == {"extensions": ["gone", "new", "x"]}


def test_a_set_that_devkit_gave_up_leaves_the_users_members() -> None:
    theirs: Any = {"extensions": ["a", "mine"]}
    assert merged(merge_keys({"extensions": ["a"]}, {}, theirs, SET), theirs) == {"extensions": ["mine"]}
    assert merge_keys({"extensions": ["a"]}, {}, {"extensions": ["a"]}, SET).edits == (DropKey(("extensions",)),)


def test_items_with_a_key_are_merged_one_by_one() -> None:
    base: Any = {"repos": [{"repo": "r", "rev": "1", "hooks": [{"id": "a"}, {"id": "gone"}]}]}
    ours: Any = {
        "repos": [{"repo": "r", "rev": "2", "hooks": [{"id": "a"}, {"id": "b"}]}, {"repo": "s", "hooks": []}]
    }
    theirs: Any = {
        "repos": [
            {"repo": "mine", "hooks": [{"id": "m"}]},
            {"repo": "r", "rev": "1", "hooks": [{"id": "a", "args": ["-x"]}, {"id": "gone"}]},
        ]
    }
    merge = merge_keys(base, ours, theirs, HOOKS)
    assert merged(merge, theirs)["repos"] == [
        {"repo": "mine", "hooks": [{"id": "m"}]},
        {"repo": "r", "rev": "2", "hooks": [{"id": "a", "args": ["-x"]}, {"id": "b"}]},
        {"repo": "s", "hooks": []},
    ]
    assert merge.baseline == ours
    assert not merge.conflicts


def test_an_item_the_user_deleted_stays_deleted() -> None:
    base: Any = {"repos": [{"repo": "r", "rev": "1"}]}
    merge = merge_keys(base, {"repos": [{"repo": "r", "rev": "2"}]}, {"repos": []}, HOOKS)
    assert not merge.edits


def test_a_revision_that_both_moved_conflicts_and_its_neighbours_are_merged() -> None:
    base: Any = {"repos": [{"repo": "r", "rev": "1", "hooks": [{"id": "a"}]}]}
    ours: Any = {"repos": [{"repo": "r", "rev": "3", "hooks": [{"id": "a"}, {"id": "b"}]}]}
    theirs: Any = {"repos": [{"repo": "r", "rev": "2", "hooks": [{"id": "a"}]}]}
    merge = merge_keys(base, ours, theirs, HOOKS)
    assert [conflict.path for conflict in merge.conflicts] == [("repos", 0, "rev")]
    assert merge.edits == (AddItem(("repos", 0, "hooks"), {"id": "b"}),)
    assert merge.baseline == {"repos": [{"repo": "r", "rev": "1", "hooks": [{"id": "a"}, {"id": "b"}]}]}


def test_an_item_that_devkit_gave_up_keeps_what_the_user_put_into_it() -> None:
    base: Any = {"repos": [{"repo": "r", "rev": "1", "hooks": [{"id": "a"}]}]}
    theirs: Any = {"repos": [{"repo": "r", "rev": "1", "hooks": [{"id": "a"}, {"id": "mine"}]}]}
    assert merged(merge_keys(base, {}, theirs, HOOKS), theirs) == {
        "repos": [{"repo": "r", "rev": "1", "hooks": [{"id": "mine"}]}]
    }
    assert merge_keys(base, {}, base, HOOKS).edits == (DropKey(("repos",)),)


def test_an_item_that_devkit_gave_up_and_the_user_changed_stays_whole() -> None:
    base: Any = {"repos": [{"repo": "r", "rev": "1"}, {"repo": "s", "rev": "1"}]}
    theirs: Any = {"repos": [{"repo": "r", "rev": "1", "mine": 1}, {"repo": "s", "rev": "1"}]}
    merge = merge_keys(base, {"repos": []}, theirs, HOOKS)
    assert merge.edits == (DropKey(("repos", 1)),)


def test_of_several_items_with_one_name_the_likest_is_meant() -> None:
    base: Any = {"repos": [{"repo": "local", "hooks": [{"id": "ours", "entry": "a"}]}]}
    ours: Any = {"repos": [{"repo": "local", "hooks": [{"id": "ours", "entry": "b"}]}]}
    theirs: Any = {"repos": [{"repo": "local", "hooks": [{"id": "mine"}]}, *base["repos"]]}
    merge = merge_keys(base, ours, theirs, HOOKS)
    assert merge.edits == (SetKey(("repos", 1, "hooks", 0, "entry"), "b"),)


def test_short_forms_of_compose_files_have_keys() -> None:
    rules: Any = {"ports": KeyedList("target"), "environment": KeyedList("name")}
    theirs: Any = {"ports": ["127.0.0.1:9000:80/tcp", "5:5"], "environment": ["MODE=slow", "MINE"]}
    base: Any = {"ports": ["8000:80"], "environment": ["MODE=slow"]}
    merge = merge_keys(base, {"ports": ["8000:80", "9:9"], "environment": ["MODE=fast"]}, theirs, rules)
    assert merge.edits == (AddItem(("ports",), "9:9"), SetKey(("environment", 0), "MODE=fast"))


def test_ejected_keys_are_left_entirely_alone() -> None:
    base: Any = {"a": 1, "t": {"x": 1, "y": 1}}
    ours: Any = {"a": 2, "t": {"x": 2, "y": 2}, "n": {"m": 1, "k": 1}}
    merge = merge_keys(base, ours, {"a": 1, "t": {"x": 5, "y": 1}}, {}, [("a",), ("t", "x"), ("n", "m")])
    assert merge.edits == (SetKey(("t", "y"), 2), SetKey(("n", "k"), 1))
    assert not merge.conflicts
    assert merge.baseline == {"a": 1, "t": {"x": 1, "y": 2}, "n": {"k": 1}}


def test_an_ejected_key_survives_when_its_table_is_given_up() -> None:
    merge = merge_keys({"t": {"x": 1, "y": 1}}, {}, {"t": {"x": 1, "y": 1}}, {}, [("t", "x")])
    assert merge.edits == (DropKey(("t", "y")),)


def test_an_item_is_ejected_by_its_name() -> None:
    base: Any = {"repos": [{"repo": "r", "rev": "1"}]}
    merge = merge_keys(base, {"repos": [{"repo": "r", "rev": "2"}]}, base, HOOKS, [("repos", "r", "rev")])
    assert not merge.edits
    assert merge.baseline == base


NAMES = st.sampled_from("abcd")
LEAVES = st.integers(0, 3) | st.sampled_from(["x", "y"])
ITEMS = st.lists(
    st.fixed_dictionaries({"id": st.sampled_from("pqr")}, optional={"v": LEAVES, "w": LEAVES}),
    max_size=3,
    unique_by=lambda item: item["id"],
)
TREES = st.dictionaries(
    NAMES, st.recursive(LEAVES, lambda inner: st.dictionaries(NAMES, inner, max_size=3), max_leaves=6)
)
WITH_LISTS = st.builds(
    lambda tree, members, items: {**tree, "set": members, "keyed": items},
    TREES,
    st.lists(st.sampled_from("mnop"), unique=True, max_size=4),
    ITEMS,
)
RULES: Any = {"set": SetList(), "keyed": KeyedList("id")}


@settings(deadline=None)
@given(base=WITH_LISTS, ours=WITH_LISTS)
def test_an_untouched_document_becomes_what_devkit_gives(base: Any, ours: Any) -> None:
    merge = merge_keys(base, ours, base, {})
    assert is_same(merged(merge, base), ours)
    assert is_same(merge.baseline, ours)


@settings(deadline=None)
@given(base=WITH_LISTS, theirs=WITH_LISTS)
def test_nothing_happens_when_devkit_gives_the_same_again(base: Any, theirs: Any) -> None:
    merge = merge_keys(base, base, theirs, RULES)
    assert not merge.edits
    assert not merge.conflicts


@settings(deadline=None)
@given(base=st.none() | WITH_LISTS, ours=WITH_LISTS, theirs=WITH_LISTS)
def test_merging_again_changes_nothing(base: Any, ours: Any, theirs: Any) -> None:
    once = merge_keys(base, ours, theirs, RULES)
    result = merged(once, theirs)
    twice = merge_keys(once.baseline, ours, result, RULES)
    assert not twice.edits
    assert len(twice.conflicts) == len(once.conflicts)


@settings(deadline=None)
@given(base=st.none() | WITH_LISTS, ours=WITH_LISTS, theirs=WITH_LISTS)
def test_no_value_of_the_users_own_is_lost(base: Any, ours: Any, theirs: Any) -> None:
    result = merged(merge_keys(base, ours, theirs, RULES), theirs)
    before: Any = {} if base is None else base
    for key, value in theirs.items():
        if (
            key not in RULES
            and not isinstance(value, dict)
            and (key not in before or not is_same(before[key], value))
        ):
            assert is_same(result[key], value)
    assert {item for item in theirs["set"] if item not in before.get("set", [])} <= set(result["set"])
    names = {item["id"] for item in theirs["keyed"]} - {item["id"] for item in before.get("keyed", [])}
    assert names <= {item["id"] for item in result["keyed"]}
