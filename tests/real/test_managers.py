"""Poetry, PDM, Pipenv, pnpm and Yarn as they are: a project of each is locked, installed, and then left alone."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.real.environments import make_environment, make_home

if TYPE_CHECKING:
    from tests.real.environments import Environment

pytestmark = [pytest.mark.real]
REPOSITORY = Path(__file__).parents[2]
PYPROJECT = """\
[project]
name = "shop"
version = "1.0"
requires-python = ">=3.11"
dependencies = ["six>=1.16"]
"""
POETRY_SOURCE = '[[tool.poetry.source]]\nname = "index"\nurl = "$INDEX"\npriority = "primary"\n'
PACKAGE = {"name": "shop", "version": "1.0.0", "private": True, "dependencies": {"is-number": "^7.0.0"}}
PYTHON = {
    "poetry": {"pyproject.toml": f"{PYPROJECT}[tool.poetry]\npackage-mode = false\n{POETRY_SOURCE}"},
    "pdm": {"pyproject.toml": f"{PYPROJECT}[tool.pdm]\ndistribution = false\n"},
    "pipenv": {"Pipfile": '[[source]]\nurl = "$INDEX"\nverify_ssl = true\nname = "index"\n[packages]\nsix = "*"\n'},
}
NODE = {
    "pnpm": {"package.json": json.dumps(PACKAGE), "pnpm-lock.yaml": ""},
    "yarn": {"package.json": json.dumps(PACKAGE), "yarn.lock": "# yarn lockfile v1\n"},
}


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """Return an environment with devkit and the managers, Node's own in a folder beside."""
    folder = tmp_path_factory.mktemp("managers")
    home = make_home(tmp_path_factory.mktemp("home"))
    made = make_environment(folder / "venv", home)
    made.pip("install", "--quiet", str(REPOSITORY), "poetry", "pipenv")
    own = make_environment(folder / "pdm", home)
    own.pip("install", "--quiet", "pdm[locked]")  # with newer ones it fails at once
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm is not here")
    subprocess.run(
        [npm, "install", "--silent", "--prefix", folder, "pnpm@9", "yarn@1"], check=True, capture_output=True
    )
    folders = ("venv/bin", "node_modules/.bin", "pdm/bin")
    path = os.pathsep.join([*(str(folder / name) for name in folders), made.variables["PATH"]])
    node = {
        name: value for name, value in os.environ.items() if name.lower().startswith(("npm_config_", "node_extra"))
    }
    return made.having(PATH=path, **node)


def index() -> str:
    """Return the package index that pip uses here, which Pipenv has to be told."""
    done = subprocess.run(
        ["python3", "-m", "pip", "config", "get", "global.index-url"], capture_output=True, text=True, check=False
    )
    return os.environ.get("PIP_INDEX_URL") or done.stdout.strip() or "https://pypi.org/simple"


@pytest.mark.parametrize("manager", [*PYTHON, *NODE])
def test_a_project_is_locked_installed_and_then_left_alone(
    environment: Environment, tmp_path: Path, manager: str
) -> None:
    project = tmp_path / "shop"
    project.mkdir()
    for name, text in {**PYTHON, **NODE}[manager].items():
        (project / name).write_text(text.replace("$INDEX", index()))
    (project / "devkit.toml").touch()
    environment.devkit("add", "env", cwd=project).passed()

    environment.devkit("run", "env", "-v", cwd=project).passed()
    again = environment.devkit("run", "env", "-v", cwd=project).passed()

    if manager in PYTHON:
        installed = list(project.glob(".venv/lib/python*/site-packages/six.py"))
    else:
        installed = [path for path in (project / "node_modules/is-number",) if path.exists()]
    assert installed
    assert "dependencies are current" in again.stderr or "nothing changed" in again.stderr
