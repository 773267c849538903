from __future__ import annotations

from typing import TYPE_CHECKING

from devkit.engine.clearing import clear_state
from devkit.engine.lock import writer_lock
from devkit.engine.transaction import Change, commit_changes
from devkit.project.state import ABSENT

if TYPE_CHECKING:
    from pathlib import Path


def make_state(root: Path) -> None:
    """Leave all that devkit keeps: a lock, a kept transaction, answers, a transaction that was killed early."""
    with writer_lock(root, command="test"):
        change = Change(path="a", before=ABSENT, content=b"a")
        commit_changes(root, [change], command="test", keeps=True)
    (root / ".devkit/state/answers.json").write_text("{}")
    (root / ".devkit/state/transaction").mkdir()
    (root / ".devkit/state/transaction/0.new").write_text("a")
    for name in ("ledger.sqlite3", "ledger.sqlite3.broken-1", "ledger.lock", "run-0123456789abcdef"):
        (root / ".devkit/state" / name).write_text("a")


def test_all_of_devkits_own_state_goes(tmp_path: Path) -> None:
    make_state(tmp_path)
    with writer_lock(tmp_path, command="test"):
        clear_state(tmp_path)

    assert sorted(path.name for path in tmp_path.iterdir()) == ["a"]


def test_what_somebody_else_put_there_stays(tmp_path: Path) -> None:
    make_state(tmp_path)
    (tmp_path / ".devkit/state/mine").write_text("mine")
    with writer_lock(tmp_path, command="test"):
        clear_state(tmp_path)

    assert [path.name for path in (tmp_path / ".devkit/state").iterdir()] == ["mine"]


def test_where_there_is_no_state_nothing_happens(tmp_path: Path) -> None:
    clear_state(tmp_path)

    assert list(tmp_path.iterdir()) == []
