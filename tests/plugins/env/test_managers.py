from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from devkit_env.managers import MANAGERS, node_manager, python_manager
from devkit_env.managing import install, lock

from devkit.api import DEPENDENCIES_MISSING, TOOL_MISSING, DevkitError
from devkit.project.tree import DiskTree

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from devkit.testing import DevkitProject


@dataclass
class Context:
    """A task context with a manager that does what it is told, and remembers it."""

    root: Path
    is_there: bool = True
    offline: bool = False
    code: int = 0
    is_current: bool = True
    ran: list[tuple[str, ...]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def run(self, argv: Sequence[str], **_: object) -> int:
        self.ran.append(tuple(argv))
        return self.code

    def capture(self, argv: Sequence[str], **_: object) -> tuple[int, str, str]:
        return (0 if self.is_current or "--version" in argv else 1), "1.0", ""

    def which(self, tool: str) -> str | None:
        return f"/usr/bin/{tool}" if self.is_there else None

    def say(self, line: str) -> None:
        self.said.append(line)

    def up_to_date(self, reason: str) -> None:
        self.said.append(reason)


def tree(folder: Path, **files: str) -> DiskTree:
    for name, text in files.items():
        (folder / name.replace("__", "-").replace("_", ".")).write_text(text)
    return DiskTree(folder)


@pytest.mark.parametrize(
    ("files", "manager"),
    [
        ({"poetry_lock": ""}, "poetry"),
        ({"pdm_lock": ""}, "pdm"),
        ({"Pipfile": ""}, "pipenv"),
        ({"pyproject_toml": "[tool.poetry]\n"}, "poetry"),
        ({"pyproject_toml": "[tool.poetry]\n", "uv_lock": ""}, ""),
        ({"pyproject_toml": "[project]\n"}, ""),
    ],
)
def test_a_python_project_is_left_to_the_manager_it_is_made_for(
    tmp_path: Path, files: dict[str, str], manager: str
) -> None:
    assert python_manager(tree(tmp_path, **files)) == manager


@pytest.mark.parametrize(
    ("files", "manager"),
    [
        ({"pnpm__lock_yaml": ""}, "pnpm"),
        ({"yarn_lock": "# yarn lockfile v1\n"}, "yarn-classic"),
        ({"yarn_lock": "__metadata:\n"}, "yarn"),
        ({"package__lock_json": ""}, ""),
        ({"bun_lock": ""}, None),
    ],
)
def test_a_node_project_is_left_to_the_manager_it_is_locked_with(
    tmp_path: Path, files: dict[str, str], manager: str | None
) -> None:
    assert node_manager(tree(tmp_path, **files)) == manager


@pytest.mark.parametrize("name", MANAGERS)
def test_what_is_locked_and_installed_is_not_done_again(tmp_path: Path, name: str) -> None:
    manager = MANAGERS[name]
    (tmp_path / manager.lock_file).write_text("locked")
    (tmp_path / manager.folder).mkdir()
    context = Context(tmp_path)

    for _ in range(2):
        lock(context, manager=name)  # type: ignore[arg-type]
        install(context, manager=name)  # type: ignore[arg-type]

    assert context.ran == [manager.install]
    assert context.said[-1] == "dependencies are current"


def test_a_lock_that_does_not_fit_is_made_again(tmp_path: Path) -> None:
    (tmp_path / "poetry.lock").write_text("old")
    context = Context(tmp_path, is_current=False)

    lock(context, manager="poetry")  # type: ignore[arg-type]

    assert context.ran == [MANAGERS["poetry"].lock]


def test_offline_keeps_a_manager_off_the_network(tmp_path: Path) -> None:
    context = Context(tmp_path, offline=True)

    lock(context, manager="pnpm")  # type: ignore[arg-type]

    assert context.ran[0][-1] == "--offline"


@pytest.mark.parametrize("task", [lock, install])
def test_a_manager_that_is_not_here_is_named_with_the_way_to_get_it(
    tmp_path: Path, task: Callable[..., None]
) -> None:
    with pytest.raises(DevkitError) as caught:
        task(Context(tmp_path, is_there=False), manager="pdm")

    assert (caught.value.kind, caught.value.help) == (TOOL_MISSING, "pipx install pdm")


def test_dependencies_that_cannot_be_had_are_told_of(tmp_path: Path) -> None:
    with pytest.raises(DevkitError) as caught:
        lock(Context(tmp_path, code=1), manager="pipenv")  # type: ignore[arg-type]

    assert caught.value.kind == DEPENDENCIES_MISSING


def test_the_tasks_are_those_of_the_manager(devkit_project: Callable[..., DevkitProject]) -> None:
    project = devkit_project({"package.json": "{}", "devkit.toml": "", "pnpm-lock.yaml": ""})
    assert project.run("add", "env").code == 0

    document = project.run("--json", "plan").document

    assert {task["name"] for task in document["tasks"]} == {"env:lock", "env:install"}
