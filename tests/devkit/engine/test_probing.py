from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from devkit.api import Tool
from devkit.engine import probing
from devkit.engine.probing import find_tools
from devkit.engine.taskchecks import has_way

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Return a function that puts a shell script on PATH, which holds nothing else."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))

    def put(name: str, script: str, where: Path = folder) -> Path:
        where.mkdir(parents=True, exist_ok=True)
        (where / name).write_text(f"#!/bin/sh\n{script}\n")
        (where / name).chmod(0o755)
        return where / name

    return put


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "project").mkdir()
    return tmp_path / "project"


def test_a_tool_says_its_version(install: Callable[..., Path], root: Path) -> None:
    path = install("node", "echo v20.11.1")
    [found] = find_tools([Tool(name="node", version=">=20")], root)

    assert found is not None
    assert (found.path, found.version, found.is_right) == (str(path), "20.11.1", True)


@pytest.mark.parametrize(
    ("answer", "version"),
    [
        ("echo 'git version 2.47.3'", "2.47.3"),
        ("echo 'Docker version 26.1.5+dfsg1, build a72d7cd'", "26.1.5"),
        ("echo 'go version go1.22.4 linux/amd64'", "1.22.4"),
        ("echo 'openjdk 21.0.2' >&2", "21.0.2"),
        ("echo none", ""),
        ("exit 3", ""),
    ],
)
def test_versions_are_told_in_many_ways(install: Callable[..., Path], root: Path, answer: str, version: str) -> None:
    install("tool", answer)
    [found] = find_tools([Tool(name="tool")], root)

    assert found is not None
    assert found.version == version


def test_a_tool_that_is_not_on_path_is_not_found(install: Callable[..., Path], root: Path) -> None:
    install("other", "true")

    assert find_tools([Tool(name="tool")], root) == [None]


def test_a_candidate_that_fits_comes_before_one_that_does_not(install: Callable[..., Path], root: Path) -> None:
    install("python3", "echo Python 3.9.1")
    fitting = install("python3.12", "echo Python 3.12.1")
    [found] = find_tools([Tool(name="python3", version=">=3.11", candidates=("python3.12",))], root)

    assert found is not None
    assert (found.path, found.is_right) == (str(fitting), True)


def test_a_finder_names_one_that_path_does_not_lead_to(
    install: Callable[..., Path], root: Path, tmp_path: Path
) -> None:
    kept = install("python", "echo Python 3.12.1", tmp_path / "kept")
    install("manager", f"echo {kept}")
    [found] = find_tools([Tool(name="python3", version=">=3.12", finders=(("manager", "find"), ("gone",)))], root)

    assert found is not None
    assert (found.path, found.version) == (str(kept), "3.12.1")


def test_a_candidate_may_be_a_path_with_a_pattern(
    install: Callable[..., Path], root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KEPT", str(tmp_path / "kept"))
    for version in ("3.9.1", "3.10.2"):
        install("python3", f"echo Python {version}", tmp_path / "kept" / version / "bin")
    [found] = find_tools([Tool(name="gone", candidates=("$KEPT/*/bin/python3", "$UNSET/*"))], root)

    assert found is not None
    assert found.version == "3.10.2"


def test_a_program_of_the_project_itself_is_never_started(
    install: Callable[..., Path], root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = install("tool", f"touch {root}/started; echo 1.0", root / "bin")
    install("manager", f"echo {own}")
    monkeypatch.setenv("PATH", os.pathsep.join([str(root / "bin"), ".", os.environ["PATH"]]))

    assert find_tools([Tool(name="tool", candidates=(str(own),), finders=(("manager",),))], root) == [None]
    assert not (root / "started").exists()


def test_one_that_never_answers_is_ended(
    install: Callable[..., Path], root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probing, "_PATIENCE", 0.2)
    install("tool", "exec 2>/dev/null; read forever </dev/zero")
    [found] = find_tools([Tool(name="tool", version=">=1")], root)

    assert found is not None
    assert (found.version, found.is_right) == ("", False)


def test_a_remedy_needs_a_program_or_a_file(
    install: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install("brew", "true")
    monkeypatch.setenv("NVM_DIR", str(tmp_path))
    (tmp_path / "nvm.sh").touch()

    assert has_way("brew")
    assert has_way("$NVM_DIR/nvm.sh")
    assert not has_way("$NOT_SET/nvm.sh")
    assert not has_way("pyenv")
