from __future__ import annotations

import pytest

from devkit.report.cleaned import size


@pytest.mark.parametrize(
    ("count", "words"), [(0, "0 bytes"), (1023, "1023 bytes"), (1536, "1.5 KiB"), (5 * 1024**3, "5.0 GiB")]
)
def test_bytes_are_told_in_the_unit_that_suits_them(count: int, words: str) -> None:
    assert size(count) == words
