from __future__ import annotations

from typing import TYPE_CHECKING

from devkit.engine import gitlisting
from devkit.engine.watching import Watcher
from tests.devkit.engine.freshly import git, write

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_a_change_is_seen_though_the_index_changed_during_the_first_look(
    tmp_path: Path,
    devkit_home: Path,  # noqa: ARG001 - git's identity
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write(tmp_path, "a.py", "one")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "first")
    watcher = Watcher(tmp_path, ["*.py"], [])
    with monkeypatch.context() as patch:
        checksums = iter(("before", "after"))
        patch.setattr(gitlisting, "index_checksum", lambda _: next(checksums))
        before = watcher.look()

    assert watcher.changes(before) == ()
    write(tmp_path, "a.py", "two, which is longer")
    assert watcher.changes(before) == ("a.py",)


def test_a_change_behind_a_link_is_seen(tmp_path: Path) -> None:
    place = tmp_path / "beside.py"
    place.write_text("one")
    root = tmp_path / "project"
    root.mkdir()
    (root / "a.py").symlink_to(place)
    watcher = Watcher(root, ["*.py"], [])
    before = watcher.look()
    place.write_text("two, which is longer")

    assert watcher.changes(before) == ("a.py",)
