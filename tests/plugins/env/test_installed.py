from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from devkit_env.installed import in_modules, in_venv, present

from devkit.project.tree import DiskTree

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = ".venv/pyvenv.cfg"
PYTHON = ".venv/bin/python"
RECORDS = ".venv/lib/*/site-packages/*.dist-info/RECORD"


@pytest.mark.parametrize(
    ("manifest", "is_sure"),
    [
        ('[project]\nname = "a"\n', False),
        ('[project]\nname = "a"\ndependencies = ["flask"]\n', True),
        ('[project]\nname = "a"\n[build-system]\nrequires = []\n', True),
        ('[project]\nname = "a"\n[build-system]\nrequires = []\n[tool.uv]\npackage = false\n', False),
        ('[project]\nname = "a"\n[dependency-groups]\ndocs = ["mkdocs"]\n', False),
    ],
)
def test_records_of_packages_are_promised_only_where_there_will_be_some(
    tmp_path: Path, manifest: str, *, is_sure: bool
) -> None:
    (tmp_path / "pyproject.toml").write_text(manifest, "utf-8")

    assert in_venv(DiskTree(tmp_path)) == ((CONFIG, PYTHON, RECORDS) if is_sure else (CONFIG, PYTHON))


@pytest.mark.parametrize("name", ["dependencies", "devDependencies", "name"])
def test_npm_makes_no_folder_for_a_project_without_dependencies(tmp_path: Path, name: str) -> None:
    (tmp_path / "package.json").write_text(json.dumps({name: {"a": "1"} if name != "name" else "a"}), "utf-8")

    assert bool(in_modules(DiskTree(tmp_path))) is (name != "name")


def test_an_environment_that_is_elsewhere_is_not_looked_for(tmp_path: Path) -> None:
    assert present(DiskTree(tmp_path), (CONFIG, RECORDS)) == ()
    (tmp_path / ".venv").mkdir()
    (tmp_path / CONFIG).write_text("", "utf-8")
    assert present(DiskTree(tmp_path), (CONFIG, RECORDS)) == (CONFIG,)
