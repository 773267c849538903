from __future__ import annotations

import errno
import os
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest

from devkit.engine.transaction import Change, abort, commit_changes, recover
from devkit.errors import DevkitError
from devkit.project.journal import JOURNAL_FILE, pending_recovery
from devkit.project.state import FileState, read_state
from tests.devkit.engine.faults import all_kinds, change, outcome, refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Snapshot = Callable[[Path], dict[str, tuple[int, bytes]]]


@pytest.fixture
def killed(root: Path, faulty: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The project after a run that died in the middle of replacing files."""
    for count in range(1, 1000):
        faulty(count, OSError(errno.EIO, "died"), True)
        error = outcome(root, all_kinds(root))
        monkeypatch.undo()
        is_half = (root / "new/deep/a.txt").exists() and not (root / "new/b.sh").exists()
        if error is not None and is_half:
            break
        recover(root)
    assert pending_recovery(root) == "apply"
    return root


def test_a_killed_run_is_undone_and_named(killed: Path) -> None:
    recovery = recover(killed)
    assert recovery is not None
    assert recovery.command == "apply"
    assert recovery.restored == ("README.md", "bin/run", "new/deep/a.txt", "old/only.txt")
    assert recovery.kept == ()
    assert (killed / "README.md").read_bytes() == b"one\r\ntwo"
    assert not (killed / "new").exists()
    assert recover(killed) is None


def test_what_was_edited_since_is_kept_and_reported(killed: Path) -> None:
    (killed / "README.md").write_bytes(b"edited")
    (killed / "new/mine").write_bytes(b"")
    recovery = recover(killed)
    assert recovery is not None
    assert recovery.kept == ("README.md",)
    assert (killed / "README.md").read_bytes() == b"edited"
    assert sorted(os.listdir(killed / "new")) == ["mine"]


def test_a_folder_that_became_a_link_since_is_kept(killed: Path) -> None:
    (killed / "bin").rename(killed / "elsewhere")
    (killed / "bin").symlink_to("elsewhere")
    recovery = recover(killed)
    assert recovery is not None
    assert recovery.kept == ("bin/run",)


def test_the_next_run_undoes_a_killed_one_first(killed: Path) -> None:
    before = FileState(kind="file", digest=read_state(killed, "README.md").digest, mode=0o644)
    error = refusal(killed, [Change(path="README.md", before=before, content=b"")])
    assert error.exit == 73
    assert pending_recovery(killed) is None
    assert (killed / "README.md").read_bytes() == b"one\r\ntwo"


def test_a_recovered_file_keeps_its_time_of_change(killed: Path, root: Path) -> None:
    image = next(name for name in os.listdir(root / ".devkit/state/transaction") if name == "0.old")
    stamp = os.stat(root / ".devkit/state/transaction" / image).st_mtime_ns
    recover(killed)
    assert os.stat(root / "README.md").st_mtime_ns == stamp


@pytest.mark.parametrize(
    "text", ["", "{}", "[" * 99_999, '{"schema": "devkit.journal/2"}', '{"entries": [1], "folders": []}']
)
def test_a_damaged_journal_is_reported_and_nothing_is_touched(root: Path, snapshot: Snapshot, text: str) -> None:
    (root / JOURNAL_FILE).parent.mkdir()
    (root / JOURNAL_FILE).write_text(text)
    before = snapshot(root)
    with pytest.raises(DevkitError) as caught:
        recover(root)
    assert (caught.value.kind.code, snapshot(root)) == ("DK0706", before)
    assert (root / JOURNAL_FILE).exists()


def test_a_journal_that_came_with_a_clone_cannot_write_outside(killed: Path) -> None:
    journal = killed / JOURNAL_FILE
    journal.write_text(journal.read_text().replace('"new/deep/a.txt"', '"../stolen"'))
    with pytest.raises(DevkitError) as caught:
        recover(killed)
    assert caught.value.kind.code == "DK0706"


def test_nothing_to_recover_writes_nothing(tmp_path: Path) -> None:
    assert recover(tmp_path) is None
    assert list(tmp_path.iterdir()) == []


def test_kept_changes_can_be_undone_but_for_what_was_edited_since(root: Path, snapshot: Snapshot) -> None:
    before = snapshot(root)
    commit_changes(root, all_kinds(root), command="update", keeps=True)
    assert recover(root) is None
    (root / "README.md").write_bytes(b"edited")
    recovery = abort(root)
    assert recovery is not None
    assert (recovery.command, recovery.kept) == ("update", ("README.md",))
    assert recovery.restored == ("bin/run", "new/b.sh", "new/deep/a.txt", "old/only.txt")
    after = snapshot(root)
    assert after.pop("README.md")[1] == b"edited"
    del before["README.md"]
    assert after == before
    assert (abort(root), os.listdir(root / ".devkit/state")) == (None, [".gitignore"])


def test_later_changes_end_the_time_in_which_earlier_ones_can_be_undone(root: Path) -> None:
    commit_changes(root, all_kinds(root), command="update", keeps=True)
    commit_changes(root, [change(root, "README.md", b"four")], command="apply")
    assert abort(root) is None
    assert (root / "README.md").read_bytes() == b"four"


def test_an_undo_that_fails_anywhere_can_be_begun_again(
    fresh_projects: Iterator[Path], snapshot: Snapshot, faulty: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for count, root in enumerate(fresh_projects, 1):
        before = snapshot(root)
        commit_changes(root, all_kinds(root), command="update", keeps=True)
        after = snapshot(root)
        double = faulty(count, OSError(errno.EIO, "Input/output error"), True)
        with suppress(DevkitError):
            abort(root)
        monkeypatch.undo()
        recover(root)
        assert snapshot(root) in (before, after)
        abort(root)
        assert snapshot(root) == before
        if not double.has_failed:
            break
    assert count > 30
