from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from devkit.errors import DevkitError
from devkit.project.tree import DiskTree, OverlayTree, matches_pattern

if TYPE_CHECKING:
    from pathlib import Path


def test_a_file_is_read_and_recorded_with_its_stamp(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("text")
    tree = DiskTree(tmp_path)

    assert tree.read_text("a.txt") == "text"
    mark = tree.reads.files["a.txt"]
    assert mark is not None
    assert mark.size == 4


def test_a_missing_file_is_recorded_as_absent(tmp_path: Path) -> None:
    tree = DiskTree(tmp_path)

    assert tree.read_text("a.txt") is None
    assert tree.reads.files == {"a.txt": None}


def test_a_pipe_is_not_a_file_and_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")

    assert DiskTree(tmp_path).read_text("pipe") is None


def test_bytes_that_are_not_utf8_read_as_absent(tmp_path: Path) -> None:
    (tmp_path / "latin").write_bytes(b"\xe9")

    assert DiskTree(tmp_path).read_text("latin") is None


@pytest.mark.parametrize("path", ["../secret", "/etc/passwd", "a/../../b"])
def test_a_path_out_of_the_project_is_refused(tmp_path: Path, path: str) -> None:
    with pytest.raises(DevkitError) as caught:
        DiskTree(tmp_path).read_text(path)

    assert caught.value.exit == 77


def test_patterns_stay_within_a_folder_unless_they_say_otherwise(tmp_path: Path) -> None:
    for path in ("src/a/__init__.py", "src/a/b/__init__.py", "src/.hidden/__init__.py"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).touch()
    tree = DiskTree(tmp_path)

    assert tree.glob("src/*/__init__.py") == ("src/a/__init__.py",)
    assert tree.glob("src/**/__init__.py") == ("src/a/__init__.py", "src/a/b/__init__.py")


def test_a_pattern_that_begins_with_any_folder_finds_files_at_the_top(tmp_path: Path) -> None:
    (tmp_path / "a.py").touch()

    assert DiskTree(tmp_path).glob("**/*.py") == ("a.py",)


def test_linked_folders_are_not_searched(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a.py").touch()
    (tmp_path / "link").symlink_to(tmp_path / "real")

    assert DiskTree(tmp_path).glob("**/*.py") == ("real/a.py",)


def test_what_is_on_disk_wins_over_what_is_laid_over(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("the user's")
    tree = OverlayTree(DiskTree(tmp_path), {"a": "generated", "src/b": "generated"})

    assert tree.read_text("a") == "the user's"
    assert tree.read_text("src/b") == "generated"
    assert tree.exists("src/b")
    assert tree.glob("src/*") == ["src/b"]


@pytest.mark.parametrize(
    ("path", "pattern", "fits"),
    [
        ("src/a.py", "src/**", True),
        ("src", "src/**", True),
        ("src/a/b.py", "src/*", False),
        ("a.py", "**/*.py", True),
        (".env", "*", False),
        (".env", ".*", True),
    ],
)
def test_a_path_fits_a_pattern_part_by_part(path: str, pattern: str, fits: bool) -> None:
    assert matches_pattern(path, pattern) is fits
