from datetime import timedelta

import pytest

from {{ cookiecutter.package_name }} import format_duration, parse_duration


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("0s", timedelta()),
        ("45s", timedelta(seconds=45)),
        ("1h30m", timedelta(minutes=90)),
        ("2d5s", timedelta(days=2, seconds=5)),
        ("1d2h3m4s", timedelta(days=1, hours=2, minutes=3, seconds=4)),
    ],
)
def test_durations_are_read_and_written_alike(text: str, duration: timedelta) -> None:
    assert parse_duration(text) == duration
    assert format_duration(duration) == text


def test_units_may_exceed_the_next_larger_one() -> None:
    assert format_duration(parse_duration("90m")) == "1h30m"


@pytest.mark.parametrize("text", ["", "5", "h", "30m1h", "1h 30m", "-1s", "1.5h", "1h\n", "٣s"])
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a duration"):
        parse_duration(text)


def test_a_duration_beyond_timedelta_is_refused() -> None:
    with pytest.raises(ValueError, match="too long"):
        parse_duration("1000000000d")


def test_fractions_of_a_second_are_left_out() -> None:
    assert format_duration(timedelta(seconds=1, milliseconds=999)) == "1s"


def test_a_negative_duration_cannot_be_written() -> None:
    with pytest.raises(ValueError, match="negative"):
        format_duration(timedelta(seconds=-1))
