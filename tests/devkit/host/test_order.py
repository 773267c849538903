from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devkit.api import DevkitError, Stage
from devkit.host.host import Owned, Plugin
from devkit.host.order import ordered_plugins, ordered_stages, unknown_neighbours


def _owned(name: str, plugin: str = "", **neighbours: Any) -> Owned[Stage]:
    owner = Plugin(name=plugin or name, distribution=f"acme-{name}", version="1.0", object=None, package="acme")
    return Owned(plugin=owner, value=Stage(name=name, summary="A stage.", **neighbours))


def _names(*stages: Owned[Stage]) -> list[str]:
    return [owned.value.name for owned in ordered_stages(stages)]


def test_a_stage_follows_those_it_comes_after_and_precedes_those_it_comes_before() -> None:
    assert _names(_owned("a", after=("z",)), _owned("m", before=("z",)), _owned("z")) == ["m", "z", "a"]


def test_ties_go_by_name() -> None:
    assert _names(_owned("c"), _owned("a"), _owned("b")) == ["a", "b", "c"]


def test_an_unknown_neighbour_is_a_warning_and_orders_nothing() -> None:
    declared = [_owned("b", after=("nowhere",)), _owned("a")]
    assert _names(*declared) == ["a", "b"]
    (warning,) = unknown_neighbours(declared, {"a", "b"})
    assert "plugin b 1.0" in warning.message
    assert "`nowhere`" in warning.message


def test_a_cycle_names_its_stages_and_the_plugins_that_want_it() -> None:
    declared = [
        _owned("a", plugin="first", after=("b",)),
        _owned("b", plugin="second", after=("c",)),
        _owned("c", before=("z",)),
        _owned("z", plugin="third", before=("c",)),
    ]
    with pytest.raises(DevkitError) as caught:
        ordered_stages(declared)
    assert caught.value.exit == 78
    assert "`c` before `z` (plugin c 1.0)" in caught.value.message
    assert "`z` before `c` (plugin third 1.0)" in caught.value.message
    assert "first" not in caught.value.message


def test_a_stage_that_comes_after_itself_is_a_cycle() -> None:
    with pytest.raises(DevkitError, match="`a` before `a`"):
        ordered_stages([_owned("a", after=("a",))])


def test_one_stage_of_two_plugins_names_both() -> None:
    with pytest.raises(DevkitError) as caught:
        ordered_stages([_owned("a", plugin="one"), _owned("a", plugin="two")])
    assert caught.value.exit == 78
    assert "plugin one 1.0" in caught.value.message
    assert "plugin two 1.0" in caught.value.message


def test_plugins_go_by_their_first_stage_then_by_name() -> None:
    stages = ordered_stages([_owned("b"), _owned("a", after=("b",))])
    bare = [Plugin(name=name, distribution="d", version="1", object=None, package="p") for name in ("y", "x")]
    plugins = [*bare, *(owned.plugin for owned in reversed(stages))]
    assert [plugin.name for plugin in ordered_plugins(plugins, stages)] == ["b", "a", "x", "y"]


@settings(max_examples=100)
@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=20), st.randoms())
def test_every_wish_that_does_not_contradict_is_granted_whatever_the_order_of_declaration(
    pairs: list[tuple[int, int]], random: Any
) -> None:
    wishes = [(min(pair), max(pair)) for pair in pairs if pair[0] != pair[1]]
    declared = [
        _owned(f"s{number}", after=tuple(f"s{low}" for low, high in wishes if high == number)) for number in range(8)
    ]
    expected = _names(*declared)
    random.shuffle(declared)
    order = _names(*declared)
    assert order == expected
    assert all(order.index(f"s{low}") < order.index(f"s{high}") for low, high in wishes)
