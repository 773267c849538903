from __future__ import annotations

import pytest
from devkit_test.sources import NODE_SCRIPTS, NODE_TESTS, PYTHON_TESTS, python_check

from devkit.plan.patterns import Patterns


@pytest.mark.parametrize(
    "path", ["src/shop/app.py", "tests/data/a.json", "pyproject.toml", "uv.lock", ".env", "shop/a.html"]
)
def test_tests_read_code_and_data(path: str) -> None:
    assert Patterns(PYTHON_TESTS).matches(path)


@pytest.mark.parametrize(
    "path", ["README.md", "docs/a.py", "Dockerfile", "coverage.xml", ".coverage", "dist/a.whl", "app.db", "a/run.log"]
)
def test_prose_and_what_is_left_behind_is_no_code(path: str) -> None:
    assert not Patterns(PYTHON_TESTS).matches(path)
    assert not Patterns(NODE_TESTS).matches(path)


def test_a_check_reads_what_its_tool_does() -> None:
    ruff = Patterns(python_check("**/ruff.toml", ".ruff.toml"))

    assert ruff.matches("src/shop/app.py")
    assert ruff.matches(".ruff.toml")
    assert not ruff.matches("tests/data/a.json")


def test_a_script_may_look_at_prose() -> None:
    assert Patterns(NODE_SCRIPTS).matches("README.md")
    assert Patterns(NODE_SCRIPTS).matches("docs/guide.md")
    assert Patterns(NODE_SCRIPTS).matches(".prettierrc.json")
    assert not Patterns(NODE_SCRIPTS).matches("dist/main.js")
