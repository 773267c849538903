from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devkit.plan.baseline import Entry, read_baseline, write_baseline
from devkit.plan.paths import problem_of

TEXTS = st.text(max_size=30)
FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "path": TEXTS.filter(lambda path: problem_of(path) is None),
    "owners": st.lists(TEXTS, max_size=3).map(tuple),
    "text": TEXTS,
    "executable": st.booleans(),
}
ENTRIES = st.fixed_dictionaries(FIELDS).map(lambda values: Entry(**values))


@given(st.lists(ENTRIES, max_size=5))
def test_a_baseline_that_is_written_reads_back_the_same(entries: list[Entry]) -> None:
    baseline = {entry.path: entry for entry in entries}

    assert read_baseline(write_baseline(baseline)) == baseline


def test_each_path_has_one_line() -> None:
    baseline = {path: Entry(path=path, owners=("env",), text="a\nb\n") for path in ("b", "a")}

    assert [line[:11] for line in write_baseline(baseline).splitlines()] == ['{"mode": "6'] * 2


def test_a_seed_has_neither_text_nor_keys_nor_blocks() -> None:
    seed = Entry(path="a", owners=("scaffold",))

    assert read_baseline(write_baseline({"a": seed}))["a"].is_seed


def test_lines_that_cannot_be_read_count_as_none() -> None:
    good = write_baseline({"a": Entry(path="a", owners=(), text="")})

    assert set(read_baseline(f"<<<<<<< HEAD\n{good}{{half\n[1]\nnull\n")) == {"a"}


@pytest.mark.parametrize(
    "line",
    [
        '{"path": "../a", "owners": [], "text": ""}',
        '{"path": "/etc/passwd", "owners": [], "text": ""}',
        '{"path": ".git/config", "owners": [], "text": ""}',
        '{"path": 1, "owners": [], "text": ""}',
        '{"path": "a", "owners": [1], "text": ""}',
        '{"path": "a", "owners": [], "text": 1}',
        '{"path": "a", "owners": [], "text": "\\ud800"}',
        '{"path": "a", "owners": [], "keys": []}',
        '{"path": "a", "owners": [], "keys": {}, "lists": {"b": 1}}',
        '{"path": "a", "owners": [], "blocks": {"b": 1}}',
        '{"path": "a", "owners": [], "blocks": null}',
    ],
)
def test_a_line_that_devkit_cannot_have_written_counts_as_none(line: str) -> None:
    assert read_baseline(f"{line}\n") == {}


def test_of_two_lines_for_one_path_the_first_counts() -> None:
    lines = [write_baseline({"a": Entry(path="a", owners=(), text=text)}) for text in ("one", "two")]

    assert read_baseline("".join(lines))["a"].text == "one"
