from __future__ import annotations

from devkit.report.text import clean, columns, columns_of, fitted, readable, style


def test_a_wide_character_takes_two_columns_and_a_combining_one_none() -> None:
    assert columns_of("打e\u0301") == 3


def test_what_is_too_long_for_a_line_is_cut() -> None:
    assert fitted("abcdef", 4) == "abc…"
    assert fitted("abcdef", 0) == ""
    assert fitted("打包打包", 4) == "打…"


def test_colours_take_no_columns() -> None:
    assert columns_of(style("ab", "red")) == 2


def test_the_environment_says_how_many_columns_there_are() -> None:
    assert columns({"COLUMNS": "40"}) == 40
    assert columns({"COLUMNS": "none"}) > 0


def test_what_could_steer_the_terminal_is_escaped() -> None:
    assert clean("a\x1b[31m\x00\x7f\u202e\ufeff\udcff\tü\n") == "a\\x1b[31m\\x00\\x7f\\u202e\\ufeff\\xff\tü\n"


def test_what_was_no_utf_8_is_readable() -> None:
    assert readable("a\udcffü") == "a\\xffü"
