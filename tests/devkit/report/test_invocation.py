from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from devkit.report.invocation import called_as

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder that the user is in, with an environment that is not on the search path."""
    program = tmp_path / "clone/.venv/bin/devkit"
    program.parent.mkdir(parents=True)
    program.write_text("")
    program.chmod(0o755)
    monkeypatch.chdir(tmp_path / "clone")
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    return tmp_path / "clone"


def call(monkeypatch: pytest.MonkeyPatch, program: str, interpreter: str = "/usr/bin/python3") -> None:
    monkeypatch.setattr(sys, "argv", [program])
    monkeypatch.setattr(sys, "executable", interpreter)


def test_a_program_on_the_search_path_is_named_shortly(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(place / ".venv/bin"))
    call(monkeypatch, str(place / ".venv/bin/devkit"))

    assert called_as() == "devkit"


def test_a_relative_program_is_named_from_the_folder_where_it_will_be_typed(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    call(monkeypatch, ".venv/bin/devkit")

    assert called_as() == ".venv/bin/devkit"
    assert called_as(place.parent / "shop") == "../clone/.venv/bin/devkit"


@pytest.mark.usefixtures("place")
def test_an_absolute_program_stays_as_it_was_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    call(monkeypatch, "/opt/some tools/devkit")

    assert called_as() == "'/opt/some tools/devkit'"


def test_a_module_is_run_by_the_interpreter_that_ran_it(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    interpreter = place / ".venv/bin/python"
    interpreter.symlink_to(sys.executable)
    call(monkeypatch, "/site/devkit/__main__.py", str(interpreter))

    assert called_as() == f"{interpreter} -m devkit"

    monkeypatch.setenv("PATH", str(interpreter.parent))
    assert called_as() == "python -m devkit"
