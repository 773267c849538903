from __future__ import annotations

import ast
import sys
import tomllib
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def service(render: Callable[..., Path]) -> Path:
    """Return the folder of a rendered service."""
    return render("python-service", project_name="3.10")


def test_the_command_starts_what_the_module_starts(service: Path) -> None:
    scripts = tomllib.loads((service / "pyproject.toml").read_text("utf-8"))["project"]["scripts"]

    assert scripts == {"3.10": "_3_10.server:main"}
    assert "from _3_10.server import main" in (service / "src/_3_10/__main__.py").read_text("utf-8")


def test_every_module_has_tests_and_a_sign_on_its_door(service: Path) -> None:
    modules = {path.stem: path for path in (service / "src/_3_10").glob("*.py")}

    for name, path in modules.items():
        assert ast.get_docstring(ast.parse(path.read_text("utf-8"))), name
    tested = {path.stem.removeprefix("test_") for path in (service / "tests").glob("test_*.py")}
    assert modules.keys() - tested == {"__init__", "__main__", "app"}


def test_every_third_party_import_is_a_declared_dependency(service: Path) -> None:
    project = tomllib.loads((service / "pyproject.toml").read_text("utf-8"))["project"]
    declared = {name.partition(">=")[0].replace("-", "_") for name in project["dependencies"]}

    trees = [ast.parse(path.read_text("utf-8")) for path in (service / "src/_3_10").glob("*.py")]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    imported = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module}

    assert {name.partition(".")[0] for name in imported} - sys.stdlib_module_names - {"_3_10"} == declared


def test_it_listens_to_this_machine_only_unless_told_otherwise(service: Path) -> None:
    assert "\nHOST=127.0.0.1\n" in (service / ".env.example").read_text("utf-8")
