from __future__ import annotations

from devkit.report.graphs.lettering import broken, text_width


def test_text_is_broken_between_words() -> None:
    assert broken("one two three", text_width("one two", 12), 12, 2) == ["one two", "three"]


def test_what_goes_beyond_the_lines_ends_in_an_ellipsis() -> None:
    lines = broken("one two three four five", text_width("one two", 12), 12, 2)

    assert len(lines) == 2
    assert lines[-1].endswith("…")
