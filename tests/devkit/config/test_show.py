from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devkit.api.stages import Settings
from devkit.config.load import load
from devkit.config.show import Shown, get_value, parse_key, shown_entries, toml_text, value_for
from devkit.errors import CONFIG_TYPE, UNKNOWN_KEY, DevkitError, Place

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@dataclass(frozen=True)
class Inner:
    minimum_size: int = 1


@dataclass(frozen=True)
class CheckSettings:
    minimum_coverage: int | None = 80
    paths: tuple[str, ...] = ()
    inner: Inner = Inner()
    labels: dict[str, str] = field(default_factory=dict)
    named: dict[str, Inner] = field(default_factory=dict)


DECLARED = [Settings(table="test", type=CheckSettings)]


def test_a_value_is_shown_with_what_set_it(project: Callable[..., Path]) -> None:
    root = project(devkit='[test]\npaths = ["a b", "c"]\n')
    assert get_value(load(root, environ={}), DECLARED, "test.paths") == (
        Shown(
            key="test.paths",
            value=["a b", "c"],
            text='["a b", "c"]',
            kind="project",
            origin="devkit.toml:2:1",
            place=Place(path="devkit.toml", line=2, column=1, text='paths = ["a b", "c"]', width=5),
        ),
    )


def test_a_table_gives_all_its_values(project: Callable[..., Path]) -> None:
    configuration = load(project(devkit='[mirrors]\n"docker.io" = "m.acme"\n'), environ={"DEVKIT_TEST__PATHS": "x"})
    shown = get_value(configuration, DECLARED, "test")
    assert [(one.key, one.text, one.origin) for one in shown] == [
        ("test.minimum-coverage", "80", "default"),
        ("test.paths", '["x"]', "DEVKIT_TEST__PATHS"),
        ("test.inner.minimum-size", "1", "default"),
        ("test.labels", "{}", "default"),
        ("test.named", "{}", "default"),
    ]
    assert get_value(configuration, DECLARED, 'mirrors."docker.io"')[0].value == "m.acme"
    assert len(shown_entries(configuration, DECLARED)) == 12


@pytest.mark.parametrize("key", ["test.minimum_coverage", "test.nope", "tes", "a b", "", "x = 1\ny", "a." * 600])
def test_a_key_that_does_not_exist_is_refused(project: Callable[..., Path], key: str) -> None:
    configuration = load(project(), environ={})
    for attempt in (lambda: get_value(configuration, DECLARED, key), lambda: value_for(DECLARED, key, "1")):
        with pytest.raises(DevkitError) as caught:
            attempt()
        assert caught.value.kind is UNKNOWN_KEY
    if key == "test.minimum_coverage":
        assert caught.value.help == "did you mean `test.minimum-coverage`?"


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("test.minimum-coverage", "90", 90),
        ("test.paths", "a,b", ["a", "b"]),
        ("test.inner.minimum-size", "3", 3),
        ('test.labels."a.b"', "3", "3"),
        ("test.named.x.minimum-size", "3", 3),
        ("required-version", ">=1", ">=1"),
        ("facts.port", "8080", 8080),
        ("facts.python", "3.10", "3.10"),
        ("facts.python", '"8080"', "8080"),
        ("mirrors.pypi", "https://m", "https://m"),
    ],
)
def test_a_value_to_be_set_is_read_as_the_declared_type(key: str, text: str, value: object) -> None:
    assert value_for(DECLARED, key, text) == (parse_key(key), value)


@pytest.mark.parametrize(
    ("key", "text", "message"),
    [
        ("test.minimum-coverage", "all", "`test.minimum-coverage` must be a whole number"),
        ("test.inner", "{}", "`test.inner` is a table"),
        ("test", "1", "`test` is a table"),
        ("facts", "1", "`facts` is a table"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_before_anything_is_written(key: str, text: str, message: str) -> None:
    with pytest.raises(DevkitError) as caught:
        value_for(DECLARED, key, text)
    assert (caught.value.kind, caught.value.message) == (CONFIG_TYPE, message)


PLAIN = st.recursive(
    st.booleans() | st.integers(-(2**60), 2**60) | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(PLAIN)
def test_values_shown_as_toml_are_toml(value: Any) -> None:
    assert tomllib.loads(f"value = {toml_text(value)}") == {"value": value}
