from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from devkit_test.plugin import devkit_tasks
from devkit_test.settings import TestSettings as Settings

from devkit.api import NPM, PORT, PYTHON, SERVICES, Call, RunCommand
from devkit.project.tree import DiskTree

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from devkit.api import Key, Task

PYTHON_PROJECT = """\
[project]
name = "shop"
dependencies = ["fastapi>=0.1"]
[dependency-groups]
dev = [{include-group = "x"}, "pytest", "Pytest_Cov>=7", "ruff", "mypy", "locust", "pip-audit", "bandit"]
"""


@dataclass
class Context:
    """A context of a project on disk."""

    root: Path
    keys: Mapping[str, str]
    ports: Mapping[str, int] = field(default_factory=dict)
    chosen: Settings = field(default_factory=Settings)

    @property
    def tree(self) -> DiskTree:
        return DiskTree(self.root)

    def find(self, key: Key[Any]) -> str | int | None:
        return self.keys.get(key.name) or self.ports.get(key.name)

    def settings(self, _: type[Settings]) -> Settings:
        return self.chosen


def tasks(
    root: Path, files: Mapping[str, str], settings: Settings | None = None, *, manager: str = "npm"
) -> dict[str, Task]:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")
    keys = {PYTHON.name: ".venv/bin/python"} if "pyproject.toml" in files else {NPM.name: manager}
    context = Context(root, keys, chosen=settings or Settings())
    return {task.name: task for task in devkit_tasks(context)}  # type: ignore[arg-type]


def argv(task: Task) -> list[str]:
    if isinstance(task.action, RunCommand):
        return list(task.action.argv)
    words = task.action.arguments["argv"]
    assert isinstance(words, list)
    return [str(word) for word in words]


def test_a_python_project_has_a_task_for_each_tool_it_depends_on(tmp_path: Path) -> None:
    found = tasks(tmp_path, {"pyproject.toml": PYTHON_PROJECT, "tests/load/locustfile.py": ""})

    names = ["unit", "lint", "format", "types", "security", "fix", "fmt", "audit", "load"]
    assert list(found) == [f"test:{name}" for name in names]
    assert [name for name, task in found.items() if task.is_manual] == [
        "test:fix",
        "test:fmt",
        "test:audit",
        "test:load",
    ]


def test_each_folder_of_tests_is_a_kind_that_the_unit_tests_leave_out(tmp_path: Path) -> None:
    files = {"tests/test_a.py": "", "tests/contract/test_api.py": "", "tests/integration/test_b.py": ""}
    found = tasks(tmp_path, {"pyproject.toml": PYTHON_PROJECT, **files})

    assert argv(found["test:contract"])[-1] == "tests/contract"
    assert argv(found["test:unit"])[-2:] == ["--ignore=tests/integration", "--ignore=tests/contract"]
    assert "env:services?" in found["test:integration"].needs


def test_without_pytest_the_tests_are_those_of_unittest(tmp_path: Path) -> None:
    files = {"pyproject.toml": '[project]\nname = "shop"\n', "tests/test_a.py": ""}
    [task] = tasks(tmp_path, files).values()

    assert isinstance(task.action, Call)
    assert task.action.arguments["runner"] == "unittest"


@pytest.mark.parametrize("path", ["shop/tests.py", "shop/tests/test_models.py"])
def test_without_pytest_the_tests_of_a_django_project_are_run_by_its_own_program(tmp_path: Path, path: str) -> None:
    text = '[project]\nname = "shop"\ndependencies = ["django"]\n'
    [task] = tasks(tmp_path, {"pyproject.toml": text, "manage.py": "", path: ""}).values()

    assert isinstance(task.action, Call)
    assert (task.action.arguments["runner"], argv(task)[1:]) == ("unittest", ["manage.py"])


def test_a_project_without_tests_and_tools_has_no_task(tmp_path: Path) -> None:
    assert tasks(tmp_path, {"pyproject.toml": "[project]\n"}) == {}


def test_the_settings_say_what_pytest_is_given_and_what_is_measured(tmp_path: Path) -> None:
    settings = Settings(arguments=("-x",), coverage=False)
    task = tasks(tmp_path, {"pyproject.toml": PYTHON_PROJECT}, settings)["test:unit"]

    assert isinstance(task.action, Call)
    assert "-x" in argv(task)
    assert task.action.arguments["has_coverage"] is False


@pytest.mark.parametrize("manager", ["npm", "pnpm"])
def test_a_node_project_runs_its_own_scripts(tmp_path: Path, manager: str) -> None:
    manifest = """{"scripts": {"test": "vitest run --coverage", "lint": "eslint .", "format": "prettier --write ."},
        "devDependencies": {"@playwright/test": "1"}}"""
    found = tasks(tmp_path, {"package.json": manifest, "playwright.config.ts": ""}, manager=manager)

    audit = ["test:audit"] if manager == "npm" else []
    assert list(found) == ["test:unit", "test:e2e", "test:lint", "test:fmt", *audit]
    dashes = ["--"] if manager == "npm" else []
    assert argv(found["test:unit"]) == [manager, "run", "test", *dashes]
    assert argv(found["test:e2e"]) == ["npx", "--no-install", "playwright", "test"]


@pytest.mark.parametrize("text", ["{}", '{"scripts": []}', '{"scripts": {"test": 1}}', "[]", "", "{", "[" * 100_000])
def test_without_a_script_there_is_no_test(tmp_path: Path, text: str) -> None:
    assert set(tasks(tmp_path, {"package.json": text})) == {"test:audit"}


def test_neither_interpreter_nor_npm_means_no_task(tmp_path: Path) -> None:
    assert list(devkit_tasks(Context(tmp_path, {}))) == []  # type: ignore[arg-type]


def test_integration_tests_start_the_services_and_are_told_where_they_are(tmp_path: Path) -> None:
    (tmp_path / "tests" / "integration").mkdir(parents=True)
    (tmp_path / "tests" / "integration" / "test_it.py").touch()
    (tmp_path / "pyproject.toml").write_text(PYTHON_PROJECT, "utf-8")
    context = Context(tmp_path, {PYTHON.name: "python", SERVICES.name: "where.env"})
    found = {task.name: task for task in devkit_tasks(context)}  # type: ignore[arg-type]

    integration, unit = found["test:integration"], found["test:unit"]
    assert isinstance(integration.action, Call)
    assert isinstance(unit.action, Call)
    assert "env:services" in integration.needs
    assert integration.action.arguments["services"] == "where.env"
    assert "services" not in unit.action.arguments


@pytest.mark.parametrize(
    ("ports", "settings", "url"),
    [
        ({PORT.name: 3000}, Settings(), "http://127.0.0.1:3000"),
        ({PORT.name: 3000}, Settings(load_url="https://shop.test"), "https://shop.test"),
        ({}, Settings(), "http://127.0.0.1:8000"),
    ],
)
def test_load_goes_where_the_application_listens_unless_told_otherwise(
    tmp_path: Path, ports: Mapping[str, int], settings: Settings, url: str
) -> None:
    (tmp_path / "load").mkdir()
    (tmp_path / "load" / "steady.js").write_text('import http from "k6/http";\n', "utf-8")
    context = Context(tmp_path, {NPM.name: "npm"}, ports, settings)
    found = {task.name: task for task in devkit_tasks(context)}  # type: ignore[arg-type]

    action = found["test:load"].action
    assert isinstance(action, Call)
    assert action.arguments["url"] == url
