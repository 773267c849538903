"""The settings of editors, as `devkit add env` makes them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from devkit.testing import DevkitProject

    Make = Callable[..., DevkitProject]

PYTHON = """\
[project]
name = "shop"
version = "1"
requires-python = ">=3.12"
dependencies = ["fastapi"]

[dependency-groups]
dev = ["pytest>=9", "ruff", "mypy"]
"""
NODE = {
    "name": "shop",
    "engines": {"node": ">=22.1"},
    "scripts": {"dev": "node --watch a.js", "test": "vitest", "lint": "eslint ."},
    "devDependencies": {"eslint": "1", "prettier": "1", "vitest": "1", "typescript": "1"},
}


def made(make: Make, files: dict[str, str]) -> DevkitProject:
    project = make({"devkit.toml": "", **files}, "node" if "package.json" in files else "python")
    assert project.run("add", "env").code == 0
    return project


def node(make: Make, files: dict[str, str] | None = None, **more: object) -> DevkitProject:
    manifest = json.dumps({**NODE, **more})
    return made(make, {"package.json": manifest, **(files or {})})


def read(project: DevkitProject, name: str) -> Any:
    return json.loads(project.read(name))


def test_python_is_tested_linted_and_formatted_by_the_tools_of_the_project(devkit_project: Make) -> None:
    project = made(devkit_project, {"pyproject.toml": PYTHON, "src/shop/app.py": "app = FastAPI()\n"})

    settings = read(project, ".vscode/settings.json")
    assert settings["python.defaultInterpreterPath"] == "${workspaceFolder}/.venv/bin/python"
    assert settings["python.testing.pytestEnabled"] is True
    assert settings["[python]"]["editor.defaultFormatter"] == "charliermarsh.ruff"
    assert read(project, ".vscode/extensions.json")["recommendations"] == [
        "editorconfig.editorconfig",
        "ms-python.python",
        "charliermarsh.ruff",
        "ms-python.mypy-type-checker",
    ]
    (launch, *_) = read(project, ".vscode/launch.json")["configurations"]
    assert (launch["module"], launch["args"]) == ("uvicorn", ["shop.app:app", "--reload"])
    tasks = read(project, ".vscode/tasks.json")["tasks"]
    assert [task["args"][1] for task in tasks] == ["pytest", "ruff", "ruff", "mypy"]


def test_node_is_tested_linted_and_formatted_by_the_tools_of_the_project(devkit_project: Make) -> None:
    project = node(devkit_project)

    settings = read(project, ".vscode/settings.json")
    assert settings["editor.defaultFormatter"] == "esbenp.prettier-vscode"
    assert settings["editor.codeActionsOnSave"] == {"source.fixAll.eslint": "explicit"}
    launches = {each["name"]: each for each in read(project, ".vscode/launch.json")["configurations"]}
    assert launches["Run the application"]["runtimeArgs"] == ["run", "dev"]
    assert launches["Attach to a process"]["request"] == "attach"
    assert [task["script"] for task in read(project, ".vscode/tasks.json")["tasks"]] == ["test", "lint"]


def test_nothing_that_is_made_needs_devkit(devkit_project: Make) -> None:
    for project in (made(devkit_project, {"pyproject.toml": PYTHON}), node(devkit_project)):
        settings = list(project.root.glob(".vscode/*"))
        assert len(settings) == 4
        for path in (*settings, project.root / ".devcontainer/devcontainer.json"):
            assert "devkit" not in path.read_text("utf-8")


def test_prettier_does_not_judge_what_it_did_not_write(devkit_project: Make) -> None:
    project = node(devkit_project, {".prettierignore": "dist/\n"})
    assert {"dist/", ".vscode/", ".devcontainer/"} < set(project.read(".prettierignore").splitlines())


@pytest.mark.parametrize(
    ("files", "image", "install"),
    [
        ({}, "python:3.12", "pipx run uv sync"),
        ({"poetry.lock": ""}, "python:3.12", "POETRY_VIRTUALENVS_IN_PROJECT=true pipx run poetry install"),
    ],
)
def test_a_container_installs_what_a_python_project_is_locked_with(
    devkit_project: Make, files: dict[str, str], image: str, install: str
) -> None:
    project = made(devkit_project, {"pyproject.toml": PYTHON, ".env.example": "PORT=8123\n", **files})

    container = read(project, ".devcontainer/devcontainer.json")
    assert container["image"] == f"mcr.microsoft.com/devcontainers/{image}"
    assert install in container["postCreateCommand"]
    assert container["forwardPorts"] == [8123]


def test_a_container_installs_what_a_node_project_is_locked_with(devkit_project: Make) -> None:
    container = read(node(devkit_project, {"pnpm-lock.yaml": ""}), ".devcontainer/devcontainer.json")
    assert container["image"] == "mcr.microsoft.com/devcontainers/typescript-node:22"
    assert container["postCreateCommand"] == "sudo corepack enable && pnpm install --frozen-lockfile"


def test_what_is_there_is_kept_with_its_comments_and_order(devkit_project: Make) -> None:
    settings = '{\n  // mine\n  "editor.rulers": [80], // narrow\n  "python.testing.pytestEnabled": false,\n}\n'
    extensions = '{\n  "recommendations": ["acme.own", "charliermarsh.ruff"]\n}\n'
    launch = '{\n  "configurations": [{"name": "Mine", "type": "debugpy"}]\n}\n'
    files = {".vscode/settings.json": settings, ".vscode/extensions.json": extensions, ".vscode/launch.json": launch}
    project = made(devkit_project, {"pyproject.toml": PYTHON, **files})

    assert project.read(".vscode/settings.json").startswith('{\n  // mine\n  "editor.rulers": [80], // narrow\n')
    assert '"python.testing.pytestEnabled": false' in project.read(".vscode/settings.json")
    recommended = read(project, ".vscode/extensions.json")["recommendations"]
    assert recommended[:2] == ["acme.own", "charliermarsh.ruff"]
    assert len(recommended) == len(set(recommended)) == 5
    names = [each["name"] for each in read(project, ".vscode/launch.json")["configurations"]]
    assert (names[0], "Debug tests" in names) == ("Mine", True)


def test_editors_are_chosen_and_leave_nothing_behind_when_they_are_not(devkit_project: Make) -> None:
    project = made(devkit_project, {"pyproject.toml": PYTHON})
    assert (project.root / ".vscode").exists()
    project.write("devkit.toml", project.read("devkit.toml") + '\n[env]\neditors = ["devcontainer"]\n')
    assert project.run("apply", "-y").code == 0

    assert not list((project.root / ".vscode").glob("*"))
    assert (project.root / ".devcontainer/devcontainer.json").exists()


def test_an_editorconfig_is_made_once_and_is_the_users_from_then_on(devkit_project: Make) -> None:
    project = made(devkit_project, {"pyproject.toml": PYTHON})
    assert "[*.py]\nindent_size = 4\n" in project.read(".editorconfig")
    (project.root / ".editorconfig").unlink()
    assert project.run("apply", "-y").code == 0
    assert not (project.root / ".editorconfig").exists()


def test_a_second_time_there_is_nothing_to_do(devkit_project: Make) -> None:
    for project in (made(devkit_project, {"pyproject.toml": PYTHON}), node(devkit_project)):
        assert project.run("apply", "--check").code == 0


def test_an_unknown_editor_is_told(devkit_project: Make) -> None:
    project = devkit_project({"pyproject.toml": PYTHON + '\n[tool.devkit.env]\neditors = ["vim"]\n'})
    assert project.run("plan").code == 78


def test_a_formatter_that_the_project_no_longer_has_is_replaced(devkit_project: Make) -> None:
    project = made(devkit_project, {"pyproject.toml": PYTHON.replace('"ruff"', '"black"')})
    assert (
        read(project, ".vscode/settings.json")["[python]"]["editor.defaultFormatter"] == "ms-python.black-formatter"
    )
    project.write("pyproject.toml", PYTHON)
    assert project.run("apply", "-y").code == 0
    assert read(project, ".vscode/settings.json")["[python]"]["editor.defaultFormatter"] == "charliermarsh.ruff"


def test_what_somebody_chooses_later_is_theirs(devkit_project: Make) -> None:
    project = made(devkit_project, {"pyproject.toml": PYTHON})
    path = ".vscode/settings.json"
    project.write(path, project.read(path).replace('"editor.formatOnSave": true', '"editor.formatOnSave": false'))
    assert project.run("apply", "-y").code == 0
    assert read(project, path)["[python]"]["editor.formatOnSave"] is False
    assert project.run("apply", "--check").code == 0
