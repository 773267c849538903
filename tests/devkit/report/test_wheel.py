from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from devkit.ledger.lastrun import Ending, LastRun
from devkit.ledger.lasttasks import LastTask
from devkit.report.text import columns_of, plain
from devkit.report.wheel import status_result
from devkit.session.glance import FileStatus, StageStatus

NOW = 10_000.0


def ran(ending: Ending, seconds: float | None = 14.2) -> LastRun:
    return LastRun(stage="test", ending=ending, started=NOW - 7200, seconds=seconds, reason="", commit="c")


def stage(name: str = "test", **values: Any) -> StageStatus:
    bare = StageStatus(name=name, summary="", distribution="d", is_enabled=True, drift={}, tasks=("test:unit",))
    return replace(bare, **values)


def shown(*stages: StageStatus, width: int = 80, verbosity: int = 0) -> list[str]:
    result = status_result("shop", "acme", stages, now=NOW, width=width, verbosity=verbosity)
    return [plain(line) for line in result.lines]


def test_each_stage_is_one_line_in_columns() -> None:
    env = stage("env", files=3, last=ran(Ending.DONE, 1.3))
    test = stage(files=2, drift={"update": 2}, findings=1, last=ran(Ending.FAILED))
    offer = stage("hooks", is_enabled=False)

    assert shown(env, test, offer) == [
        "shop from acme",
        "  ✓ env    done 2 h ago in 1.3 s     3 files in order",
        "  ✗ test   failed 2 h ago in 14.2 s  2 to update       1 finding",
        "  - hooks  not used; devkit add hooks",
    ]


def test_a_narrow_terminal_gets_what_is_unusual() -> None:
    env = stage("env", files=3, last=ran(Ending.DONE, 1.3))
    test = stage(files=2, drift={"update": 2}, last=ran(Ending.FAILED))

    assert shown(env, test, width=40)[1:] == ["  ✓ env   done 2 h ago", "  ✗ test  failed 2 h ago  2 to update"]


def test_a_narrow_terminal_counts_drift_together() -> None:
    test = stage(files=9, drift={"create": 5, "merge": 1}, last=ran(Ending.DONE))

    assert shown(test, width=40)[1] == "  ! test  done 2 h ago  6 to change"


@pytest.mark.parametrize(
    ("values", "mark"),
    [
        ({}, "✓"),
        ({"last": ran(Ending.DONE)}, "✓"),
        ({"last": ran(Ending.RUNNING)}, "~"),
        ({"last": ran(Ending.INTERRUPTED)}, "!"),
        ({"drift": {"update": 1}, "last": ran(Ending.RUNNING)}, "!"),
        ({"findings": 1}, "!"),
        ({"last": ran(Ending.FAILED)}, "✗"),
        ({"drift": {"conflict": 1}}, "✗"),
    ],
)
def test_the_mark_is_that_of_the_worst(values: dict[str, Any], mark: str) -> None:
    assert shown(stage(**values))[1].split()[0] == mark


def test_a_stage_that_never_ran_says_so() -> None:
    assert shown(stage())[1] == "  ✓ test  not run yet"
    assert shown(stage(tasks=(), files=1))[1] == "  ✓ test  1 file in order"


def test_details_are_by_file_and_by_task() -> None:
    task = LastTask(
        name="test:unit",
        ending=Ending.FAILED,
        started=NOW - 120,
        seconds=3.0,
        reason="tests failed (DK1301)",
        commit="c",
        figures={"coverage": 91.25, "passed": 24},
    )
    paths = (
        FileStatus(path="a.toml", verdict="update", reason="newer"),
        FileStatus(path="b.toml", verdict="identical"),
    )
    found = stage(paths=paths, last_tasks=(task,), tasks=("test:unit", "test:lint"))

    assert shown(found, verbosity=1)[2:] == [
        "      update      a.toml",
        "        newer",
        "      failed      test:unit  2 min ago in 3.0 s",
        "        tests failed (DK1301)",
        "        coverage 91.25, passed 24",
        "      -           test:lint  never run",
    ]
    assert "      identical   b.toml" in shown(found, verbosity=2)


def test_a_narrow_terminal_has_a_line_of_its_own_for_a_task_that_never_ran() -> None:
    found = stage(tasks=("test:integration",))

    assert shown(found, width=40, verbosity=1)[-2:] == ["      -           test:integration", "        never run"]


def test_the_document_has_all_of_it() -> None:
    task = LastTask(
        name="test:unit", ending=Ending.DONE, started=0, seconds=3.0, reason="", commit="c", figures={"n": 1}
    )
    found = stage(paths=(FileStatus(path="a", verdict="update"),), last_tasks=(task,), tasks=("test:unit", "test:b"))
    [document] = status_result("shop", "", [found], now=NOW, has_details=True).data["stages"]

    assert document["paths"] == [{"path": "a", "verdict": "update", "reason": ""}]
    assert document["task_runs"] == [
        {
            "task": "test:unit",
            "outcome": "done",
            "started": "1970-01-01T00:00:00Z",
            "seconds": 3.0,
            "reason": "",
            "commit": "c",
            "figures": {"n": 1},
        },
        {"task": "test:b", "outcome": None},
    ]


@given(
    st.lists(st.text(max_size=12), max_size=3),
    st.dictionaries(st.sampled_from(["update", "create", "merge", "conflict"]), st.integers(1, 99)),
    st.integers(0, 99),
    st.sampled_from([None, *Ending]),
)
def test_no_line_is_wider_than_the_terminal(
    names: list[str], drift: dict[str, int], findings: int, ending: Ending | None
) -> None:
    last = ran(ending, 7260.0) if ending else None
    stages = [stage(name, drift=drift, findings=findings, files=9, last=last) for name in names]
    for width in (40, 80):
        assert max(map(columns_of, shown(*stages, width=width))) <= width
