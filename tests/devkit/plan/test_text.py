"""The three-way merge of texts."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devkit.plan.text import merge_text

BASE = "one\ntwo\nthree\nfour\nfive\n"


def test_changes_in_different_places_are_both_kept() -> None:
    merge = merge_text(BASE, BASE.replace("one", "ONE"), BASE.replace("five", "FIVE"))
    assert merge.text == "ONE\ntwo\nthree\nfour\nFIVE\n"
    assert not merge.has_conflicts
    assert merge.inline == merge.text


def test_changes_in_one_place_conflict_and_both_are_shown() -> None:
    merge = merge_text(BASE, BASE.replace("two", "ours"), BASE.replace("two", "theirs"))
    assert merge.has_conflicts
    assert merge.text == BASE.replace("two", "theirs")
    assert merge.inline == "one\n<<<<<<< yours\ntheirs\n=======\nours\n>>>>>>> devkit\nthree\nfour\nfive\n"


@pytest.mark.parametrize("theirs", [BASE, "", "mine\n"])
def test_no_change_of_devkit_is_no_change(theirs: str) -> None:
    assert merge_text(BASE, BASE, theirs).text == theirs


def test_line_endings_mark_and_missing_final_newline_of_the_user_stay() -> None:
    theirs = "\ufeff" + BASE.replace("five", "FIVE").replace("\n", "\r\n").removesuffix("\r\n")
    merge = merge_text(BASE, "new\n" + BASE, theirs)
    assert merge.text == "\ufeffnew\r\n" + theirs.removeprefix("\ufeff")
    assert not merge.has_conflicts


def test_lines_keep_their_own_endings_in_a_mixed_text() -> None:
    theirs = "one\r\ntwo\nthree\r\nfour\nFIVE\n"
    assert merge_text(BASE, "new\n" + BASE, theirs).text == "new\r\n" + theirs


def test_a_line_is_ended_by_a_line_feed_only() -> None:
    theirs = "one\x0cmore\u2028\ntwo\nthree\n"
    assert merge_text("one\ntwo\nthree\n", "one\ntwo\nTHREE\n", theirs).text == theirs.replace("three", "THREE")


def test_a_text_with_nul_is_not_merged_by_line() -> None:
    assert merge_text("a\0\nb\n", "a\0\nB\n", "A\0\nb\n").has_conflicts
    assert merge_text("a\0", "b\0", "a\0").text == "b\0"


LINES = st.lists(st.sampled_from(["a", "b", "c", "", "  d", "é"]), max_size=8)
TEXTS = st.builds(lambda lines, ended: "\n".join(lines) + ("\n" if ended and lines else ""), LINES, st.booleans())


@settings(deadline=None)
@given(base=TEXTS, ours=TEXTS, theirs=TEXTS, has_returns=st.booleans())
def test_no_line_of_the_users_own_is_lost_without_a_conflict(
    base: str, ours: str, theirs: str, *, has_returns: bool
) -> None:
    merge = merge_text(base, ours, theirs.replace("\n", "\r\n") if has_returns else theirs)
    own = Counter(theirs.split("\n")) - Counter(base.split("\n"))
    shown = merge.inline if merge.has_conflicts else merge.text
    assert not Counter(line for line in own.elements() if line) - Counter(shown.replace("\r", "").split("\n"))


@settings(deadline=None)
@given(base=TEXTS, theirs=TEXTS)
def test_an_untouched_side_takes_the_other(base: str, theirs: str) -> None:
    assert merge_text(base, base, theirs).text == theirs
    assert merge_text(base, theirs, base).text == theirs


@settings(deadline=None)
@given(base=TEXTS, ours=TEXTS, theirs=TEXTS)
def test_the_two_sides_conflict_alike(base: str, ours: str, theirs: str) -> None:
    assert merge_text(base, ours, theirs).has_conflicts == merge_text(base, theirs, ours).has_conflicts
