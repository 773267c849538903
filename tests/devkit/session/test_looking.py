from __future__ import annotations

import os
from typing import TYPE_CHECKING

from devkit.plan.plan import Plan
from devkit.session.looking import read_saved_digest, save_plan

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

PLAN = Plan(files=(), records=(), tasks={}, stages=())


def test_a_saved_plan_is_for_its_owner_alone_even_if_the_file_was_there(tmp_path: Path) -> None:
    target = tmp_path / "plan.json"
    target.touch(0o644)
    save_plan(PLAN, target)

    assert target.stat().st_mode & 0o777 == 0o600
    assert read_saved_digest(str(target)) == PLAN.digest


def test_a_plan_is_saved_where_the_system_knows_no_owners_and_links(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("O_NOFOLLOW", "fchmod"):
        monkeypatch.delattr(os, name)
    save_plan(PLAN, tmp_path / "plan.json")

    assert read_saved_digest(str(tmp_path / "plan.json")) == PLAN.digest
