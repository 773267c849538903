from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from devkit.engine import inside
from devkit.engine.signals import Interrupted, handling
from devkit.engine.transaction import Change, commit_changes, recover
from devkit.project.journal import JOURNAL_FILE, pending_recovery
from devkit.project.state import ABSENT, read_state
from tests.devkit.engine.faults import CrossDevice, all_kinds, change, outcome, refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Snapshot = Callable[[Path], dict[str, tuple[int, bytes]]]


def test_every_kind_of_change_is_made(root: Path, snapshot: Snapshot) -> None:
    commit_changes(root, all_kinds(root), command="apply")
    files = {path: entry for path, entry in snapshot(root).items() if path != ".devkit"}
    assert {path: content for path, (_, content) in files.items() if content} == {
        "README.md": b"one\r\nthree",
        "bin/run": b"#!/bin/sh\n",
        "new/deep/a.txt": b"a",
        "new/b.sh": b"b",
    }
    assert sorted(files) == ["README.md", "bin", "bin/run", "new", "new/b.sh", "new/deep", "new/deep/a.txt"]
    assert [read_state(root, path).mode & 0o111 for path in ("bin/run", "new/b.sh")] == [0, 0o111]
    assert sorted(os.listdir(root / ".devkit/state")) == [".gitignore"]


def test_no_changes_write_nothing(tmp_path: Path) -> None:
    commit_changes(tmp_path, [], command="apply")
    assert list(tmp_path.iterdir()) == []


def test_the_state_folder_is_made_with_what_keeps_it_out_of_git(tmp_path: Path) -> None:
    commit_changes(tmp_path, [change(tmp_path, "a", b"")], command="apply")
    assert (tmp_path / ".devkit/state/.gitignore").read_text() == "*\n"
    assert sorted(os.listdir(tmp_path)) == [".devkit", "a"]


def test_a_mode_is_kept_when_the_content_changes(root: Path) -> None:
    commit_changes(root, [change(root, "old/only.txt", b"x"), change(root, "bin/run", b"y")], command="apply")
    assert [read_state(root, path).mode for path in ("old/only.txt", "bin/run")] == [0o600, 0o755]


def test_a_new_file_has_the_mode_that_the_umask_leaves(root: Path) -> None:
    former = os.umask(0o027)
    try:
        changes = [change(root, "a", b""), change(root, "b", b"", executable=True)]
        commit_changes(root, changes, command="apply")
    finally:
        os.umask(former)
    assert [read_state(root, path).mode for path in "ab"] == [0o640, 0o750]


def test_a_folder_with_other_files_outlives_a_deletion(root: Path) -> None:
    (root / "old/mine").write_bytes(b"")
    commit_changes(root, [change(root, "old/only.txt", None)], command="apply")
    assert os.listdir(root / "old") == ["mine"]


def test_deleting_what_is_not_there_is_no_change(root: Path, snapshot: Snapshot) -> None:
    before = snapshot(root)
    commit_changes(root, [change(root, "nowhere/a", None)], command="apply")
    assert snapshot(root) == before


@pytest.mark.parametrize(
    "path",
    ["/etc/a", "../a", "a/../b", "a//b", "a/", "", ".", "a\\b", "C:a", "a\0b", ".git/hooks/x", "a/.GIT/b", "GIT~1/x",
     ".git./config", ".devkit/state/lock", ".devkit/State/x"],
)  # fmt: skip
def test_a_path_that_is_not_plainly_in_the_project_is_refused(root: Path, snapshot: Snapshot, path: str) -> None:
    before = snapshot(root)
    error = refusal(root, [change(root, "a", b""), Change(path=path, before=ABSENT, content=b"")])
    assert (error.exit, snapshot(root)) == (77, before)


def make_link(path: Path) -> None:
    path.symlink_to("README.md")


def make_hard_link(path: Path) -> None:
    path.hardlink_to(path.parent / "README.md")


@pytest.mark.parametrize(
    ("make", "word"),
    [(make_link, "symbolic link"), (make_hard_link, "hard link"), (os.mkfifo, "pipe"), (os.mkdir, "folder")],
)
@pytest.mark.parametrize("content", [b"x", None])
def test_a_destination_that_is_no_plain_file_is_refused(
    root: Path, snapshot: Snapshot, make: Callable[[Path], None], word: str, content: bytes | None
) -> None:
    make(root / "target")
    before = snapshot(root)
    target = Change(path="target", before=read_state(root, "target"), content=content)
    error = refusal(root, [change(root, "a", b""), target])
    assert (error.exit, snapshot(root), word in error.message) == (73, before, True)
    assert error.place is not None
    assert error.place.path == "target"


@pytest.mark.parametrize("path", ["linked/a", "linked/deep/a", "README.md/a"])
def test_a_folder_that_is_a_link_or_a_file_cannot_lead_out(root: Path, snapshot: Snapshot, path: str) -> None:
    outside = root.parent / "outside"
    outside.mkdir()
    (root / "linked").symlink_to(outside)
    before = snapshot(root.parent)
    error = refusal(root, [change(root, "first", b""), Change(path=path, before=ABSENT, content=b"")])
    assert (error.exit, snapshot(root.parent)) == (73, before)


def test_a_state_folder_that_leads_out_is_refused(tmp_path: Path, snapshot: Snapshot) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "project").mkdir()
    (tmp_path / "project/.devkit").symlink_to("../outside")
    before = snapshot(tmp_path)
    error = refusal(tmp_path / "project", [Change(path="a", before=ABSENT, content=b"")])
    assert (error.exit, snapshot(tmp_path)) == (73, before)


@pytest.mark.parametrize("content", [b"edited", None])
def test_a_file_that_changed_since_it_was_planned_for_is_left_alone(
    root: Path, snapshot: Snapshot, content: bytes | None
) -> None:
    changes = all_kinds(root)
    if content is None:
        (root / "README.md").unlink()
    else:
        (root / "README.md").write_bytes(content)
    before = snapshot(root)
    error = refusal(root, changes)
    assert (error.exit, error.state, snapshot(root)) == (73, "nothing was changed", before)


@pytest.mark.parametrize("persists", [False, True], ids=["once", "from then on"])
def test_when_any_operation_fails_the_tree_is_as_before_or_as_meant(
    fresh_projects: Iterator[Path], snapshot: Snapshot, faulty: Any, monkeypatch: pytest.MonkeyPatch, persists: bool
) -> None:
    before, after = _before_and_after(fresh_projects, snapshot)
    for count, root in enumerate(fresh_projects, 1):
        changes = all_kinds(root)
        double = faulty(count, OSError(errno.ENOSPC, "No space left on device"), persists)
        error = outcome(root, changes)
        monkeypatch.undo()
        if error is None:
            assert persists or snapshot(root) == after
        elif error.state.startswith("the changes are half made"):
            assert (persists, pending_recovery(root)) == (True, "apply")
        else:
            assert error.state in {"nothing was changed", "rolled back"}
            assert snapshot(root) == before
        recover(root)
        assert snapshot(root) == (after if error is None else before)
        assert os.listdir(root / ".devkit/state") == [".gitignore"]
        if not double.has_failed:
            break
    assert count > 50


def _before_and_after(projects: Iterator[Path], snapshot: Snapshot) -> tuple[Any, Any]:
    root = next(projects)
    before = snapshot(root)
    commit_changes(root, all_kinds(root), command="apply")
    return before, snapshot(root)


@pytest.mark.parametrize(
    ("number", "code"),
    [(errno.ENOSPC, 74), (errno.EIO, 74), (errno.EROFS, 74), (errno.EACCES, 77), (errno.EPERM, 77)],
)
def test_what_the_system_says_becomes_an_exit_code(
    root: Path, monkeypatch: pytest.MonkeyPatch, number: int, code: int
) -> None:
    def sync(*_: Any) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(inside.Inside, "sync", sync)
    error = refusal(root, all_kinds(root))
    assert (error.exit, os.strerror(number) in error.message) == (code, True)
    assert error.place is not None
    assert error.place.path == "README.md"


def test_an_interruption_anywhere_leaves_before_or_after(
    fresh_projects: Iterator[Path], snapshot: Snapshot, faulty: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, after = _before_and_after(fresh_projects, snapshot)
    for count, root in enumerate(fresh_projects, 1):
        changes = all_kinds(root)
        double = faulty(count, Interrupted(signal.SIGINT), False)
        state = ""
        try:
            commit_changes(root, changes, command="apply")
        except Interrupted as interruption:
            state = interruption.state
        monkeypatch.undo()
        recover(root)
        assert snapshot(root) == (before if state in {"nothing was changed", "rolled back"} else after)
        assert os.listdir(root / ".devkit/state") == [".gitignore"]
        if not double.has_failed:
            break
    assert count > 50


def test_a_signal_at_publication_comes_after_it_and_says_so(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def move(self: inside.Inside, path: str, new: str) -> None:
        original(self, path, new)
        if path == JOURNAL_FILE:
            signal.raise_signal(signal.SIGTERM)

    original = inside.Inside.move
    monkeypatch.setattr(inside.Inside, "move", move)
    with pytest.raises(Interrupted) as caught, handling():
        commit_changes(root, all_kinds(root), command="apply")
    assert caught.value.state == "the files were written"
    assert (root / "new/b.sh").read_bytes() == b"b"
    assert sorted(os.listdir(root / ".devkit/state")) == [".gitignore"]


def test_a_signal_while_a_failure_is_put_back_comes_after_it(
    root: Path, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def move(self: inside.Inside, path: str, new: str) -> None:
        if path.endswith("4.new"):
            raise OSError(errno.EIO, "Input/output error")
        if path.endswith(".old"):
            signal.raise_signal(signal.SIGINT)
        original(self, path, new)

    original, before = inside.Inside.move, snapshot(root)
    changes = all_kinds(root)
    monkeypatch.setattr(inside.Inside, "move", move)
    with pytest.raises(Interrupted) as caught, handling():
        commit_changes(root, changes, command="apply")
    assert (caught.value.state, snapshot(root)) == ("rolled back", before)


def test_permission_denied_names_the_path(root: Path, snapshot: Snapshot, faulty: Any) -> None:
    before = snapshot(root)
    faulty(1, PermissionError(errno.EACCES, "Permission denied"), False)
    error = refusal(root, [Change(path="new/a", before=ABSENT, content=b"")])
    assert (error.exit, snapshot(root)) == (77, before)


def test_a_file_replaced_while_the_others_were_staged_wins(
    root: Path, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write(self: inside.Inside, path: str, content: bytes, **keywords: Any) -> int:
        (root / "new").mkdir(exist_ok=True)
        (root / "new/b.sh").write_bytes(b"mine")
        return original(self, path, content, **keywords)

    original, before = inside.Inside.write, snapshot(root)
    changes = all_kinds(root)
    monkeypatch.setattr(inside.Inside, "write", write)
    error = refusal(root, changes)
    assert (error.exit, error.state) == (73, "rolled back, except for what was edited meanwhile: new/b.sh")
    after = snapshot(root)
    assert after.pop("new/b.sh")[1] == b"mine"
    del after["new"]
    assert after == before


@pytest.mark.parametrize("persists", [False, True], ids=["once", "from then on"])
def test_where_files_cannot_be_linked_or_moved_across_they_are_copied(
    fresh_projects: Iterator[Path], snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch, persists: bool
) -> None:
    before, after = _before_and_after(fresh_projects, snapshot)
    for count, root in enumerate(fresh_projects, 1):
        changes = all_kinds(root)
        double = CrossDevice(count, OSError(errno.ENOSPC, "No space left on device"), persists=persists)
        monkeypatch.setattr(inside, "os", double)
        monkeypatch.setattr(inside, "_HAS_HANDLES", True)
        error = outcome(root, changes)
        monkeypatch.undo()
        recover(root)
        assert snapshot(root) == (after if error is None else before)
        assert os.listdir(root / ".devkit/state") == [".gitignore"]
        if not double.has_failed:
            break
    assert count > 50


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="only root can become somebody else")
def test_a_folder_that_may_not_be_written_is_77_and_nothing_is_changed(snapshot: Snapshot) -> None:
    script = """
import os, sys
from pathlib import Path
from devkit.engine.transaction import Change, commit_changes
from devkit.errors import DevkitError
from devkit.project.state import ABSENT, digest
digest(b"")  # loads what may lie where only root can read
os.setgid(65534)
os.setuid(65534)
changes = [Change(path=path, before=ABSENT, content=b"") for path in ("a", "closed/b")]
try:
    commit_changes(Path(sys.argv[1]), changes, command="apply")
except DevkitError as error:
    print(error.exit, error.place.path, error.state)
"""
    with tempfile.TemporaryDirectory() as folder:  # pytest's own folders are closed to others
        root = Path(folder)
        (root / "closed").mkdir()
        os.chown(root, 65534, 65534)
        before = snapshot(root)
        done = subprocess.run([sys.executable, "-c", script, folder], capture_output=True, text=True, check=False)
        after = snapshot(root)
    assert (done.stdout, done.stderr) == ("77 closed/b rolled back\n", "")
    del after[".devkit"]
    assert after == before
