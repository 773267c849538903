"""The env stage of Node projects, as `devkit plan` shows it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from devkit.testing import DevkitProject

MANIFEST = json.dumps({"name": "shop", "scripts": {"test": "vitest run"}})


def planned_tasks(project: DevkitProject) -> set[str]:
    """Return the names of what can be run once the env and test stages are there."""
    assert project.run("add", "env", "test").code == 0
    document = project.run("--json", "plan").document
    return {task["name"] for task in document["tasks"]}


def test_a_node_project_is_locked_and_installed_by_npm(devkit_project: Callable[..., DevkitProject]) -> None:
    project = devkit_project({"package.json": MANIFEST, "devkit.toml": ""})

    assert planned_tasks(project) >= {"env:lock", "env:install", "test:unit"}


def test_its_modules_are_not_committed(devkit_project: Callable[..., DevkitProject]) -> None:
    project = devkit_project({"package.json": MANIFEST, "devkit.toml": "", ".gitignore": "/dist/\n"})
    assert project.run("add", "env").code == 0

    lines = project.read(".gitignore").splitlines()
    assert lines[0] == "/dist/"
    assert {".env", "node_modules/"} < set(lines)
    assert ".venv/" not in lines


@pytest.mark.parametrize("name", ["bun.lock", "bun.lockb"])
def test_a_package_manager_that_devkit_does_not_know_is_left_alone(
    name: str, devkit_project: Callable[..., DevkitProject]
) -> None:
    assert planned_tasks(devkit_project({"package.json": MANIFEST, "devkit.toml": "", name: ""})) == set()
