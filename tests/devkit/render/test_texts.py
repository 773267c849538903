from __future__ import annotations

import string
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devkit.errors import TEMPLATE_INVALID, DevkitError
from devkit.render.texts import decoded, encoded, has_mixed_lines, is_plain_text, marks_of, newline_of

if TYPE_CHECKING:
    from collections.abc import Mapping

LINES = st.lists(st.sampled_from(["a", "\n", "\r", "\r\n", "x" * 4000]), max_size=12).map("".join)


@settings(max_examples=200)
@given(st.text(alphabet=string.printable.replace("\x0b", "").replace("\x0c", ""), min_size=1, max_size=600))
def test_what_is_taken_for_plain_text_is_no_binary_file_for_cookiecutters_library(text: str) -> None:
    from binaryornot.helpers import is_binary_string

    chunk = text.encode()[:512]
    if is_plain_text(chunk):
        assert not is_binary_string(chunk)


@settings(max_examples=200)
@given(LINES)
def test_line_ends_are_found_as_python_finds_them(text: str) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder, "f")
        path.write_bytes(text.encode())
        with open(path, encoding="utf-8") as opened:
            opened.readline()
            found = opened.newlines
    assert newline_of(text.encode()) == ((found[0] if isinstance(found, tuple) else found) or "\n")


@settings(max_examples=200)
@given(LINES)
def test_a_text_without_mixed_lines_is_written_as_it_was(text: str) -> None:
    content = text.encode()
    if not has_mixed_lines(content):
        assert encoded(decoded(content, "f"), content, None, "f") == content


@pytest.mark.parametrize("newline", ["x", "\n\n", 3])
def test_a_line_end_that_is_none_is_refused(newline: str) -> None:
    with pytest.raises(DevkitError) as caught:
        encoded("a\n", b"", newline, "f")
    assert caught.value.kind is TEMPLATE_INVALID


@pytest.mark.parametrize(
    ("options", "marks"),
    [
        ({}, (b"{%", b"{{", b"{#")),
        ({"block_start_string": "<%", "line_comment_prefix": "##"}, (b"<%", b"{{", b"{#", b"##")),
        ({"newline_sequence": "\r\n"}, (b"",)),
    ],
)
def test_the_marks_of_a_text_to_render_follow_the_settings(options: Mapping[str, str], marks: tuple[bytes]) -> None:
    assert marks_of(options) == marks
