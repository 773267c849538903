from __future__ import annotations

from typing import TYPE_CHECKING, get_args

import pytest
from msgspec.structs import replace

from devkit.api.actions import Block, Merge, Seed, Verdict, Write
from devkit.plan.decide import decide, decide_orphan
from devkit.plan.desired import Contribution, desired_files
from devkit.plan.fileplan import OnDisk
from devkit.project.state import FileState, StateKind

if TYPE_CHECKING:
    from devkit.api.actions import FileAction
    from tests.devkit.plan.conftest import Simulation

WRITE = Write(path="a.toml", text="a = 1\n")
MERGE = Merge(path="a.toml", data={"a": 1})
BLOCK = Block(path="a.toml", name="b", text="# b\n")
SEED = Seed(path="a.toml", text="a = 1\n")
IN_THE_WAY = sorted(set(get_args(StateKind)) - {"file", "absent"})


def in_the_way(kind: StateKind) -> OnDisk:
    return OnDisk(state=FileState(kind=kind))


@pytest.mark.parametrize("kind", IN_THE_WAY)
@pytest.mark.parametrize("action", [WRITE, MERGE, BLOCK, SEED])
def test_what_is_no_file_is_a_conflict_that_cannot_be_written_down(action: FileAction, kind: StateKind) -> None:
    wanted = desired_files([Contribution(stage="one", plugin="one", action=action)])["a.toml"]
    plan = decide(wanted, None, in_the_way(kind))

    assert plan.verdict is Verdict.CONFLICT
    assert plan.dispute is None
    assert plan.entry is None
    assert "in the way" in plan.reason


@pytest.mark.parametrize("kind", IN_THE_WAY)
def test_what_took_the_place_of_a_seed_is_the_users(disk: Simulation, kind: StateKind) -> None:
    disk.apply(SEED)
    wanted = desired_files([Contribution(stage="one", plugin="one", action=SEED)])["a.toml"]

    assert decide(wanted, disk.base, in_the_way(kind)).verdict is Verdict.IDENTICAL


@pytest.mark.parametrize("kind", IN_THE_WAY)
def test_what_took_the_place_of_a_file_that_nobody_wants_any_more_is_the_users(
    disk: Simulation, kind: StateKind
) -> None:
    disk.apply(WRITE)
    assert disk.base is not None
    plan = decide_orphan(disk.base, in_the_way(kind))

    assert plan.verdict is Verdict.IDENTICAL
    assert plan.entry is None


def test_a_seed_is_made_once(disk: Simulation) -> None:
    assert disk.apply(SEED).verdict is Verdict.CREATE
    disk.content = b"mine\n"
    assert disk.apply(replace(SEED, text="new = 1\n")).verdict is Verdict.IDENTICAL
    assert disk.content == b"mine\n"
    disk.content = None
    assert disk.apply(SEED).verdict is Verdict.IDENTICAL
    assert disk.content is None


def test_a_file_in_the_place_of_a_seed_is_left_alone_and_stays_when_the_stage_goes(disk: Simulation) -> None:
    disk.content = b"mine\n"

    assert disk.apply(SEED).verdict is Verdict.IDENTICAL
    assert disk.apply().verdict is Verdict.IDENTICAL
    assert disk.content == b"mine\n"
    assert disk.base is None


def test_a_seed_may_be_binary_and_executable(disk: Simulation) -> None:
    disk.apply(Seed(path="logo.png", text=b"\x89PNG\xff", executable=True))

    assert disk.content == b"\x89PNG\xff"
    assert disk.mode == 0o755


@pytest.mark.parametrize("action", [WRITE, MERGE, BLOCK])
def test_a_file_that_the_user_deleted_stays_deleted(disk: Simulation, action: FileAction) -> None:
    disk.apply(action)
    base = disk.base
    disk.content = None

    assert disk.apply(action).verdict is Verdict.DELETED
    assert disk.content is None
    assert disk.base == base


@pytest.mark.parametrize("action", [WRITE, MERGE, BLOCK])
def test_a_file_that_git_ignores_is_made_again_in_a_clone(disk: Simulation, action: FileAction) -> None:
    disk.apply(action)
    before = disk.content
    disk.content, disk.absence = None, "ignored"

    assert disk.apply(action).verdict is Verdict.CREATE
    assert disk.content == before


@pytest.mark.parametrize("action", [WRITE, MERGE, BLOCK])
def test_a_file_that_a_sparse_checkout_leaves_out_is_not_deleted(disk: Simulation, action: FileAction) -> None:
    disk.apply(action)
    base = disk.base
    disk.content, disk.absence = None, "sparse"

    assert disk.apply(action).verdict is Verdict.IDENTICAL
    assert disk.content is None
    assert disk.base == base


def test_a_file_that_a_sparse_checkout_leaves_out_is_removed_where_it_is_checked_out(disk: Simulation) -> None:
    disk.apply(WRITE)
    content = disk.content
    disk.content, disk.absence = None, "sparse"
    disk.apply()
    disk.content, disk.absence = content, "deleted"

    assert disk.apply().verdict is Verdict.REMOVE


def test_a_file_that_nobody_wants_any_more_goes_unless_it_was_edited(disk: Simulation) -> None:
    disk.apply(WRITE)
    base = disk.base
    assert disk.apply().verdict is Verdict.REMOVE
    assert disk.base is None

    disk.content, disk.base = b"mine = 1\n", base
    assert disk.apply().verdict is Verdict.IDENTICAL
    assert disk.content == b"mine = 1\n"
    assert disk.base is None


def test_a_deleted_file_that_nobody_wants_any_more_is_forgotten(disk: Simulation) -> None:
    disk.apply(WRITE)
    disk.content = None

    assert disk.apply().verdict is Verdict.IDENTICAL
    assert disk.base is None


@pytest.mark.parametrize("first", [WRITE, MERGE, BLOCK, SEED])
@pytest.mark.parametrize("second", [WRITE, MERGE, BLOCK, SEED])
def test_whatever_a_stage_turns_to_the_second_apply_has_nothing_to_do(
    disk: Simulation, first: FileAction, second: FileAction
) -> None:
    disk.apply(first)
    disk.apply(second)
    content, base = disk.content, disk.base
    plan = disk.apply(second)

    assert not plan.changes_file
    assert (disk.content, disk.base) == (content, base)
