from __future__ import annotations

import subprocess
from io import StringIO

import pytest
from devkit_env.dotenv_text import parse, with_value, without
from devkit_env.quoting import UnwritableError, is_key, is_portable, quoted
from dotenv import dotenv_values
from hypothesis import given, settings
from hypothesis import strategies as st

from devkit.api import DOTENV_INVALID, DevkitError

VALUES = st.text(max_size=30) | st.text("'\"\\$`{}#\n\r =a", max_size=12)
FILE = "# first\nA=1 # one\n\nexport B = 'two'   # two\nC=\nD\nE= # nothing\nF=\"a\nb\"\n"


def writable(value: str) -> bool:
    try:
        quoted(value)
    except UnwritableError:
        return False
    return True


@given(VALUES.filter(writable))
def test_a_value_is_read_back_as_it_was_set(value: str) -> None:
    text = with_value("A=1\n", ".env", "KEY", value)

    assert {entry.key: entry.value for entry in parse(text, ".env")} == {"A": "1", "KEY": value}
    assert dotenv_values(stream=StringIO(text))["KEY"] == value


@settings(max_examples=25)
@given(VALUES.filter(lambda value: writable(value) and is_portable(value)))
def test_a_shell_reads_a_portable_value_as_it_was_set(value: str) -> None:
    text = with_value("", ".env", "KEY", value)
    script = f'{text}\nprintf %s "$KEY"'.encode()

    assert subprocess.run(["sh"], input=script, capture_output=True, check=True).stdout == value.encode()


@given(VALUES.filter(writable), st.sampled_from("ABCDEF"))
def test_to_set_one_variable_touches_nothing_else(value: str, key: str) -> None:
    text = with_value(FILE, ".env", key, value)

    before, after = parse(FILE, ".env"), parse(text, ".env")
    assert [entry.key for entry in after] == [entry.key for entry in before]
    assert {entry.key: entry.value for entry in after} == {entry.key: entry.value for entry in before} | {key: value}
    others = {line for line in FILE.splitlines() if "#" in line and not line.startswith((key, f"export {key}"))}
    assert others <= set(text.splitlines())


@pytest.mark.parametrize(
    ("before", "key", "value", "after"),
    [
        ("A=1 # one\nB=2\n", "A", "x", "A=x # one\nB=2\n"),
        ("export A = 'x' # y\n", "A", "a b", "export A = 'a b' # y\n"),
        ("A= # empty\n", "A", "1", "A=1 # empty\n"),
        ("A\n", "A", "1", "A=1\n"),
        ("A=1", "B", "2", "A=1\nB=2\n"),
        ("A=1\r\nB=2\r\n", "C", "3", "A=1\r\nB=2\r\nC=3\r\n"),
        ("A=1\r\nB=2\r\n", "A", "3", "A=3\r\nB=2\r\n"),
        ("\ufeffA=1\n", "A", "2", "\ufeffA=2\n"),
        ("A=x#y\n", "A", "", "A=\n"),
        ("'A'=1\n", "A", "2", "'A'=2\n"),
    ],
)
def test_comments_order_and_line_ends_stay(before: str, key: str, value: str, after: str) -> None:
    assert with_value(before, ".env", key, value) == after


def test_to_unset_takes_the_line_and_leaves_its_comment() -> None:
    assert without("# a\nA=1\n# b\nB='x\ny' # z\nC=3\n", ".env", "B") == "# a\nA=1\n# b\nC=3\n"
    assert without("A=1\n", ".env", "B") == "A=1\n"


@pytest.mark.parametrize("value", ["a\0b", "${HOME}", "x${A:-b}y", "\ud800"])
def test_what_nobody_would_read_back_is_refused(value: str) -> None:
    with pytest.raises(UnwritableError):
        quoted(value)


@pytest.mark.parametrize(
    ("text", "line"),
    [("A=1\nB='x\n", 2), ("A=1\n\n\nA=2\n", 4), ("A='x' y\n", 1), ("=1\n", 1), ('A=1\n\n  B="\n', 3)],
)
def test_a_file_that_cannot_be_read_is_bad_data_with_its_line(text: str, line: int) -> None:
    with pytest.raises(DevkitError) as caught:
        parse(text, ".env")

    assert (caught.value.kind, caught.value.exit) == (DOTENV_INVALID, 65)
    assert str(caught.value.place) == f".env:{line}"


@pytest.mark.parametrize(
    ("name", "is_right"), [("A_1", True), ("1A", False), ("", False), ("A=B", False), ("A\n", False)]
)
def test_a_key_is_what_every_shell_takes(name: str, *, is_right: bool) -> None:
    assert is_key(name) is is_right
