from __future__ import annotations

import json

import pytest
from msgspec.structs import replace

from devkit.api.actions import Verdict
from devkit.errors import BAD_PLAN, DevkitError
from devkit.plan.fileplan import Dispute, FilePlan, OnDisk
from devkit.plan.plan import SCHEMA, Plan, counted, saved_digest
from devkit.project.state import ABSENT, FileState

NOTHING = OnDisk(state=ABSENT)


def file(path: str, verdict: Verdict, content: bytes | None = None, before: OnDisk = NOTHING) -> FilePlan:
    return FilePlan(path=path, verdict=verdict, owners=("acme",), before=before, content=content)


def plan(*files: FilePlan, records: tuple[FilePlan, ...] = ()) -> Plan:
    return Plan(files=files, records=records, tasks={}, stages=())


CREATE = file("a", Verdict.CREATE, b"a")
REMOVE = file("b", Verdict.REMOVE)
SAME = file("c", Verdict.IDENTICAL)
CONFLICT = replace(file("d", Verdict.CONFLICT), dispute=Dispute(settled=b"", wanted=b"x"))


def test_changes_are_files_that_applying_touches_records_last() -> None:
    record = file("lock", Verdict.UPDATE, b"lock")

    assert plan(SAME, CREATE, REMOVE, CONFLICT, records=(record,)).changes == (CREATE, REMOVE, record)


def test_conflicts_are_apart_from_changes() -> None:
    assert plan(CREATE, CONFLICT).conflicts == (CONFLICT,)


def test_equal_plans_have_one_digest() -> None:
    assert plan(CREATE, REMOVE).digest == plan(CREATE, REMOVE, SAME).digest


@pytest.mark.parametrize(
    "other",
    [
        plan(),
        plan(CREATE),
        plan(replace(CREATE, content=b"b"), CONFLICT),
        plan(replace(CREATE, executable=True), CONFLICT),
        plan(replace(CREATE, path="z"), CONFLICT),
        plan(replace(CREATE, before=OnDisk(state=FileState(kind="file", digest="x"))), CONFLICT),
        plan(CREATE, replace(CONFLICT, dispute=Dispute(settled=b"", wanted=b"y"))),
        plan(CREATE, CONFLICT, records=(REMOVE,)),
    ],
)
def test_a_plan_that_does_something_else_has_another_digest(other: Plan) -> None:
    assert other.digest != plan(CREATE, CONFLICT).digest


def test_verdicts_are_counted_those_that_change_something_first() -> None:
    assert list(counted(plan(SAME, SAME, CONFLICT, REMOVE)).items()) == [
        ("remove", 1),
        ("identical", 2),
        ("conflict", 1),
    ]


def test_the_digest_of_a_saved_plan_is_read_back() -> None:
    assert saved_digest(json.dumps({"schema": SCHEMA, "digest": "abc", "files": "ignored"}), "p") == "abc"


@pytest.mark.parametrize(
    "text",
    ["", "[]", "null", "{", '{"schema": "devkit.plan/1"}', '{"schema": "devkit.plan/1", "digest": 1}', "[" * 5000],
)
def test_what_is_no_saved_plan_is_refused(text: str) -> None:
    with pytest.raises(DevkitError) as refused:
        saved_digest(text, "p")

    assert refused.value.kind is BAD_PLAN
