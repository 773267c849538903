from __future__ import annotations

import pytest

from devkit.ledger.lastrun import Ending, LastRun
from devkit.report.lastrun import ago, duration, last_document, last_words
from devkit.report.text import plain


def last(ending: Ending, *, seconds: float | None = 1.44, started: float = 0.0) -> LastRun:
    return LastRun(stage="test", ending=ending, started=started, seconds=seconds, reason="", commit="")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-1e9, "just now"),
        (0, "just now"),
        (59.9, "just now"),
        (60, "1 min ago"),
        (3599, "59 min ago"),
        (3600, "1 h ago"),
        (47.9 * 3600, "47 h ago"),
        (48 * 3600, "2 days ago"),
        (90 * 86_400, "90 days ago"),
    ],
)
def test_how_long_ago_is_said_in_one_unit(seconds: float, words: str) -> None:
    assert ago(seconds) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0.0 s"),
        (59.94, "59.9 s"),
        (59.96, "1 min 0 s"),
        (119.7, "2 min 0 s"),
        (3599.9, "1 h 0 min"),
        (7260, "2 h 1 min"),
    ],
)
def test_a_duration_is_said_in_two_units_at_most(seconds: float, words: str) -> None:
    assert duration(seconds) == words


@pytest.mark.parametrize(
    ("ending", "words"),
    [
        (Ending.DONE, "done 2 h ago in 1.4 s"),
        (Ending.FAILED, "failed 2 h ago in 1.4 s"),
        (Ending.INTERRUPTED, "interrupted 2 h ago in 1.4 s"),
        (Ending.SKIPPED, "up to date 2 h ago"),
        (Ending.BLOCKED, "blocked 2 h ago"),
        (Ending.RUNNING, "running"),
    ],
)
def test_a_last_run_is_told_in_a_few_words(ending: Ending, words: str) -> None:
    assert plain(last_words(last(ending), now=7300.0)) == words


def test_a_run_without_a_duration_has_none_told() -> None:
    assert plain(last_words(last(Ending.INTERRUPTED, seconds=None), now=61.0)) == "interrupted 1 min ago"


@pytest.mark.parametrize(("started", "text"), [(0.9, "1970-01-01T00:00:00Z"), (1e300, None), (-1e300, None)])
def test_a_time_beyond_all_calendars_is_none(started: float, text: str | None) -> None:
    assert last_document(last(Ending.DONE, started=started))["started"] == text
