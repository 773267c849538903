from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from devkit_env.interpreters import interpreter

from devkit.api import DevkitError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine on which no version manager keeps anything."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("PYENV_ROOT", raising=False)


@dataclass
class Context:
    """A task context whose programs answer as they are told to."""

    root: Path
    programs: dict[str, str] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)

    def which(self, tool: str) -> str | None:
        return self.programs.get(tool)

    def capture(self, argv: list[str], **_: object) -> tuple[int, str, str]:
        answer = self.answers.get(argv[0])
        return (0, answer, "") if answer is not None else (1, "", "no")


def project(folder: Path, requires: str, pin: str = "", **settings: object) -> Context:
    (folder / "pyproject.toml").write_text(f'[project]\nrequires-python = "{requires}"\n')
    if pin:
        (folder / ".python-version").write_text(f"{pin}\n")
    return Context(folder, **settings)  # type: ignore[arg-type]


def test_the_python_of_devkit_does_when_it_fits(tmp_path: Path) -> None:
    assert interpreter(project(tmp_path, ">=3.11")) == sys.executable  # type: ignore[arg-type]


def test_one_on_path_is_asked_for_its_version_when_that_matters(tmp_path: Path) -> None:
    found = {"python3.9": "/opt/python3.9"}
    context = project(tmp_path, "==3.19.2", programs={"python3.19": "/opt/python3.19", **found})
    context.answers = {"/opt/python3.19": "Python 3.19.2"}

    assert interpreter(context) == "/opt/python3.19"  # type: ignore[arg-type]


@pytest.mark.parametrize("manager", ["uv", "mise"])
def test_one_that_a_version_manager_keeps_is_found(tmp_path: Path, manager: str) -> None:
    context = project(tmp_path, ">=3.30", programs={manager: manager})
    context.answers = {manager: "/home/me/3.31/bin/python3\n", "/home/me/3.31/bin/python3": "Python 3.31.0\n"}

    assert interpreter(context) == "/home/me/3.31/bin/python3"  # type: ignore[arg-type]


def test_one_that_pyenv_keeps_is_found_where_its_shim_leads_nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    kept = [tmp_path / f"pyenv/versions/{version}/bin/python3" for version in ("3.30.9", "3.30.10")]
    for path in kept:
        path.parent.mkdir(parents=True)
        path.touch()
    context = project(tmp_path, ">=3.30", programs={"python3.20": "/shims/python3.20"})
    context.answers = {str(path): f"Python {path.parts[-3]}" for path in kept}

    assert interpreter(context) == str(kept[1])  # type: ignore[arg-type]


def test_a_pinned_version_comes_before_what_is_required_alone(tmp_path: Path) -> None:
    context = project(tmp_path, ">=3.11", "3.31", programs={"uv": "uv"})
    context.answers = {"uv": "/uv/3.31/python", "/uv/3.31/python": "Python 3.31.4"}

    assert interpreter(context) == "/uv/3.31/python"  # type: ignore[arg-type]


def test_a_pinned_version_that_is_not_here_does_not_stop_one_that_is(tmp_path: Path) -> None:
    assert interpreter(project(tmp_path, ">=3.11", "3.31")) == sys.executable  # type: ignore[arg-type]


def test_where_none_fits_the_way_of_this_machine_is_told(tmp_path: Path) -> None:
    context = project(tmp_path, ">=3.30", programs={"pyenv": "/bin/pyenv"})

    with pytest.raises(DevkitError, match=r"no Python fits `>=3\.30`") as caught:
        interpreter(context)  # type: ignore[arg-type]

    assert caught.value.exit == 69
    assert caught.value.help == "pyenv install 3.30"
    assert str(caught.value.place) == "pyproject.toml:2:1"
