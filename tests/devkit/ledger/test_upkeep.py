from __future__ import annotations

from typing import TYPE_CHECKING

from devkit.ledger.history import history
from devkit.ledger.lastrun import Ending
from devkit.ledger.upkeep import Limits

if TYPE_CHECKING:
    from tests.devkit.ledger.conftest import Ledger

DAY = 86_400.0


def started(ledger: Ledger) -> list[float]:
    return [run.started for run in reversed(history(ledger.root))]


def test_runs_go_after_ninety_days(ledger: Ledger) -> None:
    for day in (0.0, 50.0, 100.0):
        ledger.now = day * DAY
        ledger.run({"test:a": Ending.DONE})

    assert started(ledger) == [50 * DAY, 100 * DAY]


def test_only_so_many_runs_are_kept(ledger: Ledger) -> None:
    ledger.limits = Limits(runs=3)
    for number in range(6):
        ledger.now = float(number)
        ledger.run({"test:a": Ending.DONE})

    assert started(ledger) == [2.0, 3.0, 4.0, 5.0]


def test_only_so_many_tasks_are_kept_from_day_to_day(ledger: Ledger) -> None:
    ledger.limits = Limits(tasks=10)
    for day in range(5):
        ledger.now = day * DAY
        ledger.run({f"test:{number}": Ending.DONE for number in range(4)})

    assert started(ledger) == [2 * DAY, 3 * DAY, 4 * DAY]


def test_a_clock_set_back_drops_nothing(ledger: Ledger) -> None:
    for day in (200.0, 1.0, 2.0):
        ledger.now = day * DAY
        ledger.run({"test:a": Ending.DONE})

    assert started(ledger) == [200 * DAY, DAY, 2 * DAY]


def test_a_running_run_is_never_dropped(ledger: Ledger) -> None:
    ledger.limits = Limits(runs=1)
    with ledger.running("test:slow"):
        for _ in range(3):
            ledger.run({"test:a": Ending.DONE})
        assert history(ledger.root)[-1].ending is Ending.RUNNING
