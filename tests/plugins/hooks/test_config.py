from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from devkit_hooks.checks import built_in_checks

from devkit.api import yaml_mapping

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from devkit.testing import DevkitProject

PYTHON = """\
[project]
name = "shop"
[dependency-groups]
dev = ["ruff>=0.16", "mypy"]
"""
NODE = '{"name": "shop", "devDependencies": {"eslint": "^10.0.0", "prettier": "^3.0.0", "typescript": "~6.0.0"}}\n'


def config_of(project: DevkitProject, *stages: str) -> Mapping[str, Any]:
    """Return the configuration that `devkit add` makes."""
    done = project.run("add", *(stages or ("hooks", "env")))
    assert done.code == 0, done.stderr
    found = yaml_mapping(project.read(".pre-commit-config.yaml"))
    assert found is not None
    return found


def local_hooks(config: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Return the local hooks by id."""
    (hooks,) = (repo["hooks"] for repo in config["repos"] if repo["repo"] == "local")
    return {hook["id"]: hook for hook in hooks}


def test_the_linters_of_a_python_project_come_from_its_own_environment(
    devkit_project: Callable[..., DevkitProject],
) -> None:
    project = devkit_project({"devkit.toml": "", "pyproject.toml": PYTHON})

    hooks = local_hooks(config_of(project))

    assert hooks["ruff-check"]["entry"] == ".venv/bin/ruff check --fix --force-exclude"
    assert hooks["mypy"]["stages"] == ["pre-push"]
    assert {hook["language"] for hook in hooks.values()} == {"system", "pygrep", "fail"}


def test_what_the_hooks_need_is_added_to_the_environment_once(devkit_project: Callable[..., DevkitProject]) -> None:
    project = devkit_project({"devkit.toml": "", "pyproject.toml": PYTHON.replace('"mypy"', '"mypy", "pre-commit"')})

    config_of(project)

    assert '"mypy", "pre-commit", "pre-commit-hooks>=6.0"]' in project.read("pyproject.toml")
    assert project.run("apply", "--check").code == 0


def test_a_project_of_another_manager_keeps_its_manifest_and_has_what_needs_no_package(
    devkit_project: Callable[..., DevkitProject],
) -> None:
    manifest = PYTHON.split("[dependency-groups]", maxsplit=1)[0] + '[tool.poetry.dependencies]\nRuff = "^0.16"\n'
    project = devkit_project({"devkit.toml": "", "pyproject.toml": manifest, "poetry.lock": ""})

    hooks = local_hooks(config_of(project))

    assert project.read("pyproject.toml") == manifest
    assert hooks["ruff-format"]["entry"] == "poetry run ruff format --force-exclude"
    assert "trailing-whitespace" not in hooks
    assert hooks["private-key"]["language"] == "pygrep"


def test_the_linters_of_a_node_project_are_those_it_has_locked(devkit_project: Callable[..., DevkitProject]) -> None:
    project = devkit_project({"devkit.toml": "", "package.json": NODE})

    hooks = local_hooks(config_of(project))

    assert hooks["eslint"]["entry"] == "npx --no-install eslint --fix"
    assert hooks["tsc"]["stages"] == ["pre-push"]
    assert project.read("package.json") == NODE


def test_hooks_that_another_repository_brings_are_not_doubled(devkit_project: Callable[..., DevkitProject]) -> None:
    own = """\
# what we agreed on
repos:
  - repo: https://github.com/astral-sh/ruff-pre-commit
    rev: v0.16.0
    hooks:
      - id: ruff # quickly
      - id: ruff-format
"""
    project = devkit_project({"devkit.toml": "", "pyproject.toml": PYTHON, ".pre-commit-config.yaml": own})

    hooks = local_hooks(config_of(project))

    assert not {"ruff-check", "ruff-format"} & set(hooks)
    assert "- id: ruff # quickly" in project.read(".pre-commit-config.yaml")
    assert project.run("apply", "--check").code == 0


@pytest.mark.parametrize(
    "repository",
    [
        "{repo: https://a.example/x, rev: v1, hooks: [{id: mypy}]}",
        '"repo": https://a.example/x\n    hooks: [{id: mypy}]',
    ],
)
def test_a_repository_is_known_however_it_is_written(
    devkit_project: Callable[..., DevkitProject], repository: str
) -> None:
    own = f"repos:\n  - {repository}\n"
    project = devkit_project({"devkit.toml": "", "pyproject.toml": PYTHON, ".pre-commit-config.yaml": own})

    assert {"ruff-check", "mypy"} & set(local_hooks(config_of(project))) == {"ruff-check"}


def test_the_hygiene_of_a_repository_takes_the_place_of_the_local_one(
    devkit_project: Callable[..., DevkitProject],
) -> None:
    settings = '[hooks]\nsource = "repository"\nrepository = "https://git.example.com/devkit"\nrev = "v1"\n'
    project = devkit_project({"devkit.toml": settings, "pyproject.toml": PYTHON})

    config = config_of(project)

    assert config["repos"][1] == {
        "repo": "https://git.example.com/devkit",
        "rev": "v1",
        "hooks": [{"id": "devkit-hygiene"}],
    }
    assert set(local_hooks(config)) == {"ruff-check", "ruff-format", "mypy"}


@pytest.mark.parametrize("settings", ['repository = "https://git.example.com/devkit"', 'rev = "v1"'])
def test_a_repository_without_its_revision_or_address_is_refused(
    settings: str, devkit_project: Callable[..., DevkitProject]
) -> None:
    project = devkit_project({"devkit.toml": f'[hooks]\nsource = "repository"\n{settings}\n'})

    done = project.run("add", "hooks")

    assert done.code == 78
    assert "DK1206" in done.stderr


def test_other_stages_contribute_hooks(
    devkit_project: Callable[..., DevkitProject], devkit_plugin: Callable[..., object]
) -> None:
    source = """
from devkit.api import GIT_HOOKS, GitHook, Published, Stage, hookimpl
@hookimpl
def devkit_stages():
    return [Stage(name="spelling", summary="Words.")]
@hookimpl
def devkit_publish(context):
    return [Published(GIT_HOOKS, GitHook(id="spell", name="words", entry="spell", stages=("commit-msg",)))]
"""
    devkit_plugin("spelling", source)
    project = devkit_project({"devkit.toml": ""})

    config = config_of(project, "hooks", "spelling")

    assert local_hooks(config)["spell"]["stages"] == ["commit-msg"]
    assert config["default_install_hook_types"] == ["pre-commit", "commit-msg"]


@pytest.mark.parametrize("kind", ["", "RSA ", "OPENSSH ", "ENCRYPTED ", "PGP ", "SSH2 ENCRYPTED "])
def test_every_kind_of_private_key_is_found(kind: str) -> None:
    (entry,) = (hook.entry for hook in built_in_checks() if hook.id == "private-key")

    end = " BLOCK" if kind == "PGP " else ""
    assert re.search(entry, f"-----BEGIN {kind}PRIVATE KEY{end}-----")
