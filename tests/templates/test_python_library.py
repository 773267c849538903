from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PYTHON = "Programming Language :: Python :: "


@pytest.fixture
def library(render: Callable[..., Path]) -> Path:
    """Return the folder of a rendered library."""
    return render("python-library", project_name="shop", python_version="3.12")


def test_its_own_tests_pass_with_coverage(library: Path) -> None:
    """The library has no dependencies, so its tests need none but pytest and pytest-cov, which run this one."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("COV_", "COVERAGE", "PYTEST_"))
    }
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--cov", "-p", "no:cacheprovider", "-o", "minversion=8.2"],
        cwd=library,
        env=environment | {"PYTHONPATH": str(library / "src"), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert "src/shop/durations.py .." in done.stdout, "the doctests did not run"
    assert "Required test coverage of 80" in done.stdout


def test_the_version_stands_in_one_place(library: Path) -> None:
    holders = [path for path in library.rglob("*") if path.is_file() and "0.1.0" in path.read_text("utf-8")]

    assert holders == [library / "src" / "shop" / "__init__.py"]


def test_classifiers_start_at_the_oldest_python(library: Path) -> None:
    project = tomllib.loads((library / "pyproject.toml").read_text("utf-8"))["project"]

    assert [name for name in project["classifiers"] if PYTHON in name] == [f"{PYTHON}3.12", f"{PYTHON}3.13"]


def test_only_a_proprietary_library_is_kept_from_the_public_index(render: Callable[..., Path]) -> None:
    texts = {
        answer: (render("python-library", project_name=answer, license=answer) / "pyproject.toml").read_text("utf-8")
        for answer in ("MIT", "Proprietary")
    }

    assert {answer: "Do Not Upload" in text for answer, text in texts.items()} == {"MIT": False, "Proprietary": True}
