from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devkit.project.names import is_valid_name, suggest_name


@pytest.mark.parametrize("name", ["shop", "my-shop", "My_Shop2", "acme.web", "a"])
def test_a_name_that_everything_takes_is_valid(name: str) -> None:
    assert is_valid_name(name)


@pytest.mark.parametrize(
    "name",
    ["", "1shop", "-x", "x-", "a b", "ä", "a--b", "a/b", "json", "JSON", "class", "None", "none", "test", "tests",
     "src", "con", "aux.web", "x" * 64, "a\n", "__main__", "sys", "py"],
)  # fmt: skip
def test_a_name_that_something_refuses_is_not_valid(name: str) -> None:
    assert not is_valid_name(name)


@pytest.mark.parametrize(
    ("name", "suggestion"),
    [
        ("My Shop", "my-shop"),
        ("3d", "app-3d"),
        ("json", "json-app"),
        ("Crème brûlée", "creme-brulee"),
        ("../etc", "etc"),
        ("日本", "my-project"),
        ("", "my-project"),
        ("class", "class-app"),
        ("a__b", "a-b"),
    ],
)
def test_the_suggestion_is_near_to_what_was_typed(name: str, suggestion: str) -> None:
    assert suggest_name(name) == suggestion


@settings(max_examples=150)
@given(st.text(max_size=90))
def test_every_suggestion_is_valid_and_stays(name: str) -> None:
    suggestion = suggest_name(name)
    assert is_valid_name(suggestion)
    assert suggest_name(suggestion) == suggestion
