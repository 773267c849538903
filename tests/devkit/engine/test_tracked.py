from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from devkit.engine.tracked import written_since

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from devkit.testing import DevkitProject

START = 1_700_000_000_000_000_000


@pytest.fixture
def project(devkit_project: Callable[..., DevkitProject], committed: Callable[..., DevkitProject]) -> DevkitProject:
    return committed(devkit_project({"a.txt": "a\n", "sub/ü b.txt": "b\n", "sub/c.txt": "c\n"}))


def write(project: DevkitProject, path: str, text: str, moment: int) -> None:
    file = project.write(path, text)
    os.utime(file, ns=(moment, moment))


def test_only_tracked_files_that_changed_since_are_named(project: DevkitProject) -> None:
    write(project, "a.txt", "older\n", START - 10**9)
    write(project, "sub/ü b.txt", "newer\n", START + 5)
    write(project, "new.txt", "not tracked\n", START + 5)

    assert written_since(project.root, START) == {"sub/ü b.txt": START + 5}


def test_a_file_that_was_written_as_it_was_has_not_changed(project: DevkitProject) -> None:
    write(project, "a.txt", "a\n", START + 5)

    assert written_since(project.root, START) == {}


def test_a_project_below_the_top_sees_its_own_files_alone(project: DevkitProject) -> None:
    write(project, "a.txt", "new\n", START + 5)
    write(project, "sub/c.txt", "new\n", START + 6)

    assert written_since(project.root / "sub", START) == {"c.txt": START + 6}


def test_outside_of_a_repository_nothing_is_tracked(tmp_path: Path) -> None:
    assert written_since(tmp_path, START) == {}
