"""Reading and writing durations: an example. Replace it with what this library is for."""

import re
from datetime import timedelta

_UNITS = {
    "d": timedelta(days=1),
    "h": timedelta(hours=1),
    "m": timedelta(minutes=1),
    "s": timedelta(seconds=1),
}
_DURATION = re.compile("".join(rf"(?:(?P<{unit}>[0-9]+){unit})?" for unit in _UNITS))


def parse_duration(text: str) -> timedelta:
    """Return the duration that `text` stands for.

    Days, hours, minutes and seconds follow each other in this order; each may be left out.

    >>> parse_duration("1h30m")
    datetime.timedelta(seconds=5400)

    Raises:
        ValueError: `text` is not a duration, or a longer one than a timedelta can hold.
    """
    match = _DURATION.fullmatch(text)
    if not text or match is None:
        raise ValueError(f"not a duration: {text!r}")
    counts = match.groupdict(default="0")
    try:
        return sum((int(counts[unit]) * _UNITS[unit] for unit in _UNITS), timedelta())
    except OverflowError:
        raise ValueError(f"too long a duration: {text!r}") from None


def format_duration(duration: timedelta) -> str:
    """Return `duration` as `parse_duration` reads it; fractions of a second are left out.

    >>> format_duration(timedelta(minutes=90))
    '1h30m'

    Raises:
        ValueError: `duration` is negative.
    """
    if duration < timedelta():
        raise ValueError(f"a negative duration: {duration!r}")
    parts = []
    for unit, size in _UNITS.items():
        count, duration = divmod(duration, size)
        if count:
            parts.append(f"{count}{unit}")
    return "".join(parts) or "0s"
