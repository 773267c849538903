from __future__ import annotations

import pytest
from devkit_githooks.content import (
    BOM,
    ENDINGS,
    FINAL,
    IS_JSON,
    IS_JSONC,
    IS_TOML,
    IS_YAML,
    JSON,
    MARKDOWN,
    MARKERS,
    PLAIN,
    TRAILING,
    WHITE_SPACE,
    judge,
    kind_of,
)
from devkit_githooks.mending import mended
from hypothesis import given
from hypothesis import strategies as st

EVERY = (1 << 9) - 1
TEXTS = st.lists(st.sampled_from([b"a", b"\xc3\xa9", b" ", b"\t", b"\r", b"\n", b"\r\n", b"\f", BOM])).map(b"".join)


@pytest.mark.parametrize(
    ("data", "bits"),
    [
        (b"", 0),
        (BOM, 0),
        (b"a\n", 0),
        (b"a\r\nb\r\n", 0),
        (b"a \n", TRAILING),
        (b"a\t\r\nb\r\n", TRAILING),
        (b"a\f\n", TRAILING),
        (b"a", FINAL),
        (b"a\n\n", FINAL),
        (b"\n", FINAL),
        (b"a ", TRAILING | FINAL),
        (b"a\r\nb\n", ENDINGS),
        (b"a\rb\n", ENDINGS),
        (b"<<<<<<< HEAD\na\n=======\nb\n>>>>>>> other\n", MARKERS),
        (b"a\n>>>>>>> other\n", MARKERS),
        (b"Title\n=======\n", 0),
        (b"cat <<<<<<< word\n", 0),
        (b"\x00a \n", 0),
        (b"\x89PNG\r\n\x1a\n ", 0),
    ],
)
def test_a_verdict_names_exactly_what_is_wrong(data: bytes, bits: int) -> None:
    assert judge(data, PLAIN, EVERY) == bits


def test_a_hard_break_of_markdown_is_no_trailing_white_space() -> None:
    assert judge(b"a  \nb\n", MARKDOWN, EVERY) == 0
    assert judge(b"a \nb\n", MARKDOWN, EVERY) == TRAILING
    assert judge(b"a\n  \nb\n", MARKDOWN, EVERY) == TRAILING


def test_only_the_checks_that_were_asked_for_find_something() -> None:
    assert judge(b"a \r\nb", PLAIN, FINAL) == FINAL


def test_an_empty_file_is_no_json_but_every_other_kind() -> None:
    assert [judge(b"", kind, EVERY) for kind in (IS_JSON, IS_YAML, IS_TOML)] == [JSON, 0, 0]


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        (b"a/b.yml", IS_YAML),
        (b"B.YAML", IS_YAML),
        (b"uv.lock", IS_TOML),
        (b"package.json", IS_JSON),
        (b"tsconfig.build.json", IS_JSONC),
        (b"a/.vscode/settings.json", IS_JSONC),
        (b"README.md", MARKDOWN),
        (b"yaml", PLAIN),
        (b"\xff.py", PLAIN),
    ],
)
def test_a_kind_is_told_by_the_name(path: bytes, kind: int) -> None:
    assert kind_of(path) == kind


@given(TEXTS, st.sampled_from([PLAIN, MARKDOWN]))
def test_a_mended_text_is_clean_and_keeps_every_word(data: bytes, kind: int) -> None:
    after = mended(data, kind, WHITE_SPACE)
    assert judge(after, kind, WHITE_SPACE) == 0
    assert b"".join(after.split()) == b"".join(data.split())
    assert mended(after, kind, WHITE_SPACE) == after


@given(TEXTS)
def test_a_clean_text_is_left_byte_for_byte(data: bytes) -> None:
    if judge(data, PLAIN, WHITE_SPACE) == 0:
        assert mended(data, PLAIN, WHITE_SPACE) == data


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"a\r\nb\r\nc\n", b"a\r\nb\r\nc\r\n"),
        (b"a\nb\r\n", b"a\nb\n"),
        (b"a\r\nb", b"a\r\nb\r\n"),
        (b"a  \r\nb\r\n", b"a\r\nb\r\n"),
        (b"a\n\n\n", b"a\n"),
        (b"\n\n", b""),
        (BOM + b"a", BOM + b"a\n"),
    ],
)
def test_mending_keeps_the_ending_that_most_lines_have(before: bytes, after: bytes) -> None:
    assert mended(before, PLAIN, WHITE_SPACE) == after
