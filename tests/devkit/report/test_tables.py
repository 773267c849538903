from __future__ import annotations

from devkit.report.tables import aligned
from devkit.report.text import columns_of


def test_columns_stand_below_each_other_whatever_the_script() -> None:
    lines = aligned([["店", "one"], ["shop", "two"]])

    assert [columns_of(line[:-3]) for line in lines] == [6, 6]
