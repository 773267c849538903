from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from devkit.host.fingerprint import code_files, fingerprint, has_links

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "acme"
    (made / "sub").mkdir(parents=True)
    (made / "plugin.py").write_text("one\n", "utf-8")
    (made / "sub" / "tasks.py").write_text("two\n", "utf-8")
    return made


def test_the_same_folder_has_the_same_fingerprint(folder: Path) -> None:
    first = fingerprint(folder)
    os.utime(folder / "plugin.py", ns=(1, 1))
    assert fingerprint(folder) == first


def _edit(folder: Path) -> None:
    (folder / "sub" / "tasks.py").write_text("twö\n", "utf-8")


def _add(folder: Path) -> None:
    (folder / "sub" / "more.py").touch()


def _remove(folder: Path) -> None:
    (folder / "plugin.py").unlink()


def _rename(folder: Path) -> None:
    (folder / "plugin.py").rename(folder / "plugin_.py")


def _make_executable(folder: Path) -> None:
    (folder / "plugin.py").chmod(0o755)


def _move_between_files(folder: Path) -> None:
    (folder / "plugin.py").write_text("one\ntwo\n", "utf-8")
    (folder / "sub" / "tasks.py").write_text("", "utf-8")


def _link(folder: Path) -> None:
    (folder / "plugin.py").unlink()
    (folder / "plugin.py").symlink_to("sub/tasks.py")


@pytest.mark.parametrize("change", [_edit, _add, _remove, _rename, _make_executable, _move_between_files, _link])
def test_every_change_makes_another_fingerprint(folder: Path, change: Callable[[Path], None]) -> None:
    first = fingerprint(folder)
    change(folder)
    assert fingerprint(folder) != first


def test_another_place_has_another_fingerprint(folder: Path) -> None:
    first = fingerprint(folder)
    moved = folder.rename(folder.with_name("acme-evil"))
    assert fingerprint(moved) != first
    folder.symlink_to(moved)
    assert fingerprint(folder) not in {first, fingerprint(moved)}


def test_a_url_stands_for_the_place(folder: Path) -> None:
    first = fingerprint(folder, "https://example.com/a")
    moved = folder.rename(folder.with_name("other"))
    assert fingerprint(moved, "https://example.com/a") == first
    assert fingerprint(moved, "https://example.com/b") != first


def test_compiled_files_and_git_do_not_count(folder: Path) -> None:
    first = fingerprint(folder)
    for name in ("__pycache__", ".git"):
        (folder / name).mkdir()
        (folder / name / "file").touch()
    assert fingerprint(folder) == first
    assert code_files(folder) == ("plugin.py", "sub/tasks.py")


def test_a_pipe_is_not_opened(folder: Path) -> None:
    os.mkfifo(folder / "pipe")
    assert fingerprint(folder)


def test_links_are_found(folder: Path) -> None:
    assert not has_links(folder)
    (folder / "sub" / "link").symlink_to("/etc")
    assert has_links(folder)


def test_a_thousand_folders_deep_is_no_obstacle(tmp_path: Path) -> None:
    folders = [f"{tmp_path}{'/d' * depth}" for depth in range(1, 1201)]
    for folder in folders:
        os.mkdir(folder)
    assert code_files(tmp_path) == ()
    for folder in reversed(folders):  # pytest would recurse
        os.rmdir(folder)
