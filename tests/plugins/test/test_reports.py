from __future__ import annotations

from devkit_test.reports import Coverage, FileCoverage, ranges
from hypothesis import given
from hypothesis import strategies as st

LINES = st.frozensets(st.integers(1, 200))
FILES = st.builds(lambda covered, missed: FileCoverage(covered=covered, missed=missed - covered), LINES, LINES)
COVERAGES = st.dictionaries(st.sampled_from(["a.py", "b/c.py"]), FILES).map(lambda files: Coverage(files=files))


@given(LINES)
def test_ranges_keep_every_line(lines: frozenset[int]) -> None:
    spans = [span.split("-") for span in ranges(lines).split(", ") if span]

    assert {line for span in spans for line in range(int(span[0]), int(span[-1]) + 1)} == lines


def test_ranges_are_short() -> None:
    assert ranges([7, 3, 8, 9]) == "3, 7-9"


@given(COVERAGES, COVERAGES)
def test_a_line_that_one_run_covers_is_covered(one: Coverage, other: Coverage) -> None:
    both = one.joined(other)

    for path, file in both.files.items():
        assert not file.covered & file.missed
        for each in (one, other):
            assert each.files.get(path, FileCoverage()).covered <= file.covered


def test_shares_are_by_folder_and_of_some_lines_only() -> None:
    half = FileCoverage(covered=frozenset({1}), missed=frozenset({2}))
    coverage = Coverage(files={"src/a.py": half, "b.py": FileCoverage(covered=frozenset({1, 2}))})

    assert coverage.percent == 75
    assert coverage.packages == {"src": 50.0, ".": 100.0}
    assert coverage.among({"src/a.py": frozenset({2, 3})}).percent == 0
    assert coverage.among({"src/a.py": frozenset({30})}).percent is None
    assert Coverage().percent is None
