from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from devkit.api import (
    compose_file,
    json_object,
    python_dependencies,
    requirement_name,
    toml_table,
    yaml_mapping,
)
from devkit.project.tree import DiskTree

if TYPE_CHECKING:
    from pathlib import Path

PYPROJECT = """\
[project]
dependencies = ["FastAPI[standard]>=0.1", 3]
[project.optional-dependencies]
db = ["psycopg"]
[dependency-groups]
dev = ["pytest_cov", {include-group = "x"}]
[tool.poetry.dependencies]
uvicorn = "*"
[tool.poetry.group.dev.dependencies]
mypy = "*"
"""


def test_what_runs_is_told_from_what_developers_need_besides(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(PYPROJECT)
    (tmp_path / "requirements.txt").write_text("-r base.txt\n# web\nFlask==3\n")
    (tmp_path / "requirements-dev.txt").write_text("ruff\n")
    (tmp_path / "Pipfile").write_text('[packages]\nredis = "*"\n[dev-packages]\nblack = "*"\n')
    runs = python_dependencies(DiskTree(tmp_path), for_development=False)

    assert runs == {"fastapi", "uvicorn", "flask", "redis"}
    assert python_dependencies(DiskTree(tmp_path), for_development=True) - runs == {
        "psycopg",
        "pytest-cov",
        "mypy",
        "ruff",
        "black",
    }


@pytest.mark.parametrize("text", [None, "", "[", "{", "a = [" * 5000, '{"a":' * 5000])
def test_what_does_not_parse_counts_as_empty(text: str | None) -> None:
    assert (toml_table(text), json_object(text)) == ({}, {})


@pytest.mark.parametrize("text", ["- a\n", "a: [\n", "{", "!!python/object:os.system {}\n", "[" * 3000])
def test_what_is_no_mapping_in_yaml_is_none(text: str) -> None:
    assert yaml_mapping(text) is None


def test_the_compose_file_that_is_there_is_used() -> None:
    assert compose_file(lambda name: name == "docker-compose.yml") == "docker-compose.yml"
    assert compose_file(lambda _: False) == "compose.yaml"


@pytest.mark.parametrize(
    ("requirement", "name"), [("A_b.C>=1", "a-b-c"), (" x ; y", "x"), ("-r a.txt", ""), ("", "")]
)
def test_a_requirement_is_known_by_its_normalised_name(requirement: str, name: str) -> None:
    assert requirement_name(requirement) == name
