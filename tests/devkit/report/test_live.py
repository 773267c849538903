from __future__ import annotations

import time

import pytest

from devkit.report.live import LiveLines
from devkit.report.text import plain

SAID = f"src/shop/app.py:12: \x1b[31merror 漢字漢字 {'text that fits into no terminal ' * 4}"


def lines(columns: int, rows: int = 24, *, is_colored: bool = False, count: int = 2) -> list[str]:
    live = LiveLines()
    live.is_colored = is_colored
    for number in range(count):
        live.begin(f"test:task{number}", "Run the tests.")
    live.show(
        "test:task0",
        "src/shop/app.py:12: \x1b[31man error with a text that fits into no small terminal 漢字漢字漢字漢字",
    )
    return live._texts(time.monotonic() + 75, columns, rows)


@pytest.mark.parametrize("columns", [20, 40, 80, 200])
@pytest.mark.parametrize("is_colored", [False, True])
def test_no_line_is_as_wide_as_the_terminal(columns: int, is_colored: bool) -> None:
    for line in lines(columns, is_colored=is_colored):
        wide = sum(1 for character in plain(line) if character in "漢字")
        assert len(plain(line)) + wide < columns


def test_each_task_has_a_line_with_its_time_and_what_it_said_last() -> None:
    first, second = lines(80)

    assert first[2:].startswith("test:task0 1 min 15 s  src/shop/app.py:12: \\x1b[31man error")
    assert first.endswith("…")
    assert second[2:] == "test:task1 1 min 15 s  Run the tests."


def test_colours_change_no_text() -> None:
    assert [plain(line) for line in lines(80, is_colored=True)] == lines(80)
    assert "\x1b" not in "".join(lines(80))


def test_more_tasks_than_fit_are_counted() -> None:
    shown = lines(80, rows=6, count=9)

    assert len(shown) == 5
    assert shown[-1] == "  and 5 more"


def test_what_has_ended_is_shown_no_more() -> None:
    live = LiveLines()
    live.begin("a:one", "")
    live.begin("a:two", "")
    live.end("a:one")

    assert [line.split()[1] for line in live._texts(time.monotonic(), 80, 24)] == ["a:two"]
