"""What is said to be plainly sound is held against the readers, which would have been asked otherwise."""

from __future__ import annotations

import random
import tomllib

import pytest
from devkit_githooks import plain_toml, plain_yaml
from devkit_githooks.syntax import _is_read_by_libyaml

YAML_PIECES = (
    *("a", "b", "key", "a: ", "b: ", "- ", "-", "  ", "    ", " ", "\n", "\n", "\n", "\n  ", "\n    ", "x: y", "'q'"),
    *('"q"', "[a, b]", "{}", "|", "|-", ">", "#c", " # c", "---", "...", ":", "a:", "b:", "- a", "- a: b", "?", "&x"),
    *("*x", "!t", "<<", "1", "~", ".", "/", "$x", "'", '"', "[", "]", "{", "}", ",", "\\", "%", "@", "`", "=", "<"),
    *("(", "-x", "- - a", "text text", "http://x:1", "a:b", "\t", "é"),
)
TOML_PIECES = (
    *("a", "b", "[a]", "[b]", "[a.b]", "[[a]]", "[[b]]", "[[a.b]]", " = ", "=", "1", '"x"', "'x'", "true", "false"),
    *("[1, 2]", "[", "]", ",", "{a = 1}", "{", "}", "#c", "\n", "\n", "\n", "\n", " ", "a = 1", "b = 'x'", "a.b = 1"),
    *("c = [\n 'x',\n]", "-1", "0.5", "01", "1_0", '"', "'", '"""', "'''", "\\", "1979-05-27", "inf", "é", "\t"),
)
YAML = """\
---
# a comment
name: CI
on:
  push:
    branches: [main, 'release']
jobs:
  test: # why
    runs-on: ubuntu-latest
    steps:
    - uses: actions/checkout@v4
    - name: "Run: all"
      run: |
        make test

        make lint
      env: {}
  "quoted":
    - -x
    - - a
      - b
    - key: value
      other: http://example.org:80/a
last:
"""
TOML = """\
# a comment
title = "a" # why
[project]
name = 'shop'
numbers = [1, -2, 0.5,
  # within
]
flag = true
[project.urls]
Home = "https://example.org"
[[tool.item]]
a = 1
[[tool.item]]
a = 2
table = { a = 1, b = [{}] }
"""


def texts(pieces: tuple[str, ...], seed: int) -> list[str]:
    source = random.Random(seed)  # noqa: S311 - the same texts every time
    return ["".join(source.choice(pieces) for _ in range(source.randrange(1, 14))) for _ in range(6000)]


def test_every_yes_on_yaml_is_right() -> None:
    sure = [text for text in texts(YAML_PIECES, 1) if plain_yaml.is_plain(text.encode())]
    assert len(sure) > 300
    assert [text for text in sure if not _is_read_by_libyaml(text.encode())] == []


def test_every_yes_on_toml_is_right() -> None:
    sure = [text for text in texts(TOML_PIECES, 2) if plain_toml.is_plain(text.encode())]
    assert len(sure) > 200
    for text in sure:
        tomllib.loads(text)


def test_what_files_mostly_hold_needs_no_reader() -> None:
    assert plain_yaml.is_plain(YAML.encode())
    assert _is_read_by_libyaml(YAML.encode())
    assert plain_toml.is_plain(TOML.encode())
    assert tomllib.loads(TOML)["tool"]["item"][1]["table"] == {"a": 1, "b": [{}]}


def test_a_sign_more_or_less_in_yaml_is_never_taken_wrongly() -> None:
    for position in range(len(YAML)):
        for sign in ("", ":", "\n", " ", "- ", '"', "]"):
            data = (YAML[:position] + sign + YAML[position + (not sign) :]).encode()
            assert not plain_yaml.is_plain(data) or _is_read_by_libyaml(data)


@pytest.mark.parametrize("text", ["a: 1\na: 2\n", "- a: 1\n  a: 2\n", "a:\n  b: 1\n  b: 2\n", '"a": 1\na: 2\n'])
def test_a_key_that_is_there_twice_is_never_plain(text: str) -> None:
    assert not plain_yaml.is_plain(text.encode())


def test_large_and_foreign_files_are_left_to_the_readers() -> None:
    assert not plain_yaml.is_plain(b"# " + b"a" * (1 << 16))
    assert not plain_toml.is_plain(b"# " + b"a" * (1 << 16))
    assert not plain_yaml.is_plain("a: é\n".encode())
    assert not plain_toml.is_plain(b"# \xff\n")
