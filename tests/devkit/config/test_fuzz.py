"""Whatever a file or a variable holds, the answer is settings or an error for users."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from devkit.api.stages import Settings
from devkit.config.load import load
from devkit.config.show import shown_entries
from devkit.errors import PLUGIN_INVALID, DevkitError


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True)
class Inner:
    port: int = 1
    share: float = 0.5


@dataclass(frozen=True)
class Wide:
    colour: Colour = Colour.RED
    is_on: bool = True
    items: tuple[Inner, ...] = ()
    pair: tuple[int, str] = (1, "a")
    by_name: dict[str, Inner] = field(default_factory=dict)
    deep: dict[str, dict[str, tuple[int, ...]]] = field(default_factory=dict)
    inner: Inner | None = None
    either: int | str = 0
    anything: Any = 0


DECLARED = [Settings(table="wide", type=Wide)]
SEED = """\
required-version = ">=0.1"
plugins = ["a>=1", "b"]
facts = { port = 1, "a.b" = [1, {c = 2}] }
[mirrors]
pypi = 'x'
[wide]
colour = "red"
is-on = false
pair = [1, "b"]
by-name.api.port = 5
deep = { a = { b = [1, 2] } }
inner = { share = 1.5 }
either = 1979-05-27T07:32:00Z
[[wide.items]]
port = 3
[wide.anything.x]
y = "\\u0041"
"""
PIECES = st.sampled_from([
    *'[]{}=.,"\'#\n\\ 1a', "[[", "]]", '"""', "'''", "wide", "inner", "port", "facts", "inf", "-nan", "9" * 4400,
    "tool.devkit", "\x00", "\ud7ff", "\r", "\u2028", "{a=" * 200, "[" * 90, "a." * 120, "0x_", "99-99-99",
])  # fmt: skip
EDITS = st.lists(st.tuples(st.integers(0, len(SEED)), st.integers(0, 12), PIECES | st.text(max_size=4)), max_size=5)


@pytest.fixture(autouse=True)
def _nobody(user_file: Path) -> None:
    assert not user_file.exists()


def read(content: bytes, environ: dict[str, str]) -> None:
    """Everything that reads the configuration, as far as it comes."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "devkit.toml").write_bytes(content)
        refusal = _refusal(Path(folder), environ)
    assert refusal is None or (refusal.exit == 78 and refusal.kind is not PLUGIN_INVALID)


def _refusal(root: Path, environ: dict[str, str]) -> DevkitError | None:
    try:
        _ask_all(root, environ)
    except DevkitError as error:
        return error
    return None


def _ask_all(root: Path, environ: dict[str, str]) -> None:
    configuration = load(root, environ=environ)
    configuration.facts()
    shown_entries(configuration, DECLARED)
    configuration.check_plugins({"a": "1"})
    configuration.check(DECLARED)
    assert isinstance(configuration.settings(DECLARED[0]), Wide)


def test_the_text_that_is_mutated_is_valid_but_for_one_value(tmp_path: Path) -> None:
    (tmp_path / "devkit.toml").write_text(SEED.replace("1979-05-27T07:32:00Z", "1"), encoding="utf-8")
    configuration = load(tmp_path, environ={})
    assert configuration.check(DECLARED) == ()
    assert len(shown_entries(configuration, DECLARED)) == 19


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(EDITS)
def test_mutated_configuration_gives_no_other_exception(edits: list[tuple[int, int, str]]) -> None:
    text = SEED
    for start, length, piece in edits:
        text = text[:start] + piece + text[start + length :]
    read(text.encode("utf-8", "surrogatepass"), {})


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(max_size=60) | st.text(max_size=60).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes_give_no_other_exception(content: bytes) -> None:
    read(content, {})


PARTS = ["WIDE", "INNER", "PORT", "ITEMS", "DEEP", "BY_NAME", "ANYTHING", "FACTS", "MIRRORS", "PAIR", "EITHER", ""]
NAMES = st.lists(st.sampled_from(PARTS), min_size=1, max_size=4).map(lambda parts: "DEVKIT_" + "__".join(parts))
TEXTS = st.lists(PIECES, max_size=6).map("".join) | st.text(max_size=8) | st.just("\udc80") | st.just("{ port = 1 }")


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.dictionaries(NAMES, TEXTS, max_size=3))
def test_any_variables_give_no_other_exception(environ: dict[str, str]) -> None:
    read(b"", environ)


def test_a_variable_with_endless_parts_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DevkitError):
        load(tmp_path, environ={"DEVKIT_FACTS" + "__A" * 30_000: "1"})
