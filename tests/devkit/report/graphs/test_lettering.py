from __future__ import annotations

from devkit.report.graphs.lettering import broken, columns_of, fitted, text_width


def test_text_is_broken_between_words() -> None:
    assert broken("one two three", text_width("one two", 12), 12, 2) == ["one two", "three"]


def test_what_goes_beyond_the_lines_ends_in_an_ellipsis() -> None:
    lines = broken("one two three four five", text_width("one two", 12), 12, 2)

    assert len(lines) == 2
    assert lines[-1].endswith("…")


def test_a_wide_character_takes_two_columns_and_a_combining_one_none() -> None:
    assert columns_of("打e\u0301") == 3


def test_what_is_too_long_for_a_line_is_cut() -> None:
    assert fitted("abcdef", 4) == "abc…"
    assert fitted("abcdef", 0) == ""
    assert fitted("打包打包", 4) == "打…"
