from __future__ import annotations

from typing import TYPE_CHECKING

from devkit_test.memory import load_summary, store_summary, summarized
from devkit_test.reports import FAILED, PASSED, Case, Coverage, FileCoverage

if TYPE_CHECKING:
    from pathlib import Path

CASES = (
    Case(name="a.py::test_a", outcome=PASSED, seconds=0.5, file="a.py", line=3),
    Case(name="a.py::test_\udcff", outcome=FAILED, message="no"),
)


def test_a_summary_survives_being_written(tmp_path: Path) -> None:
    coverage = Coverage(files={"a.py": FileCoverage(covered=frozenset({1, 20}), missed=frozenset({3}))})
    for summary in (
        summarized("unit", CASES, seconds=1.5, flaky=("a",), coverage=coverage, is_partial=True),
        summarized("unit", ()),
    ):
        store_summary(tmp_path, summary)

        assert load_summary(tmp_path, "unit") == summary


def test_a_summary_of_another_shape_is_none(tmp_path: Path) -> None:
    store_summary(tmp_path, summarized("unit", CASES))
    file = tmp_path / ".devkit/state/test/unit.json"
    for text in (file.read_text().replace('"a.py"', "1"), "[]", "{", ""):
        file.write_text(text)

        assert load_summary(tmp_path, "unit") is None
