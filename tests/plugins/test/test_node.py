from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from devkit_test.plugin import devkit_tasks

from devkit.api import NPM, Key, RunCommand, Task

if TYPE_CHECKING:
    from collections.abc import Iterable


class Context:
    """A context of a Node project, whose dependencies npm installs."""

    def __init__(self, manifest: str, npm: str | None = "npm") -> None:
        self.manifest, self.npm = manifest, npm

    @property
    def tree(self) -> Context:
        return self

    def read_text(self, path: str) -> str | None:
        return self.manifest if path == "package.json" else None

    def find(self, key: Key[str]) -> str | None:
        return self.npm if key == NPM else None


def tasks(manifest: object, npm: str | None = "npm") -> list[Task]:
    text = manifest if isinstance(manifest, str) else json.dumps(manifest)
    found: Iterable[Task] = devkit_tasks(Context(text, npm))  # type: ignore[arg-type]
    return list(found)


def test_the_tests_of_a_node_project_are_its_own_script() -> None:
    [task] = tasks({"scripts": {"test": "vitest run"}})

    assert isinstance(task.action, RunCommand)
    assert (task.name, task.action.argv) == ("test:unit", ("npm", "test", "--"))
    assert task.accepts_arguments
    assert task.needs == ("env:install",)


@pytest.mark.parametrize(
    "manifest",
    [{}, {"scripts": {"build": "tsc"}}, {"scripts": []}, {"scripts": {"test": 1}}, [], "", "{", "[" * 100_000],
)
def test_without_a_script_there_is_no_task(manifest: object) -> None:
    assert tasks(manifest) == []


def test_where_npm_does_not_install_it_does_not_test_either() -> None:
    assert tasks({"scripts": {"test": "vitest run"}}, npm=None) == []


@pytest.mark.parametrize(
    ("script", "count"), [("vitest run --coverage", 4), ("vitest run", 0), ("jest --coverage", 0)]
)
def test_a_part_of_vitest_s_tests_has_no_thresholds_of_coverage(script: str, count: int) -> None:
    [task] = tasks({"scripts": {"test": script}})

    assert isinstance(task.action, RunCommand)
    assert len([word for word in task.action.partial if word.startswith("--coverage.thresholds.")]) == count
