from __future__ import annotations

from typing import TYPE_CHECKING

from devkit_env.managers import MANAGERS
from devkit_env.toolchain import tools

from tests.plugins.env.trees import Files

if TYPE_CHECKING:
    from devkit_env.managers import Manager

    from devkit.api import Tool


def declared(
    path: str, text: str = "", *, manager: Manager | None = None, uses_uv: bool = False, uses_npm: bool = False
) -> list[Tool]:
    return [*tools(Files({path: text}), manager, uses_uv=uses_uv, uses_npm=uses_npm)]


def ways(tool: Tool) -> dict[str, str]:
    return {remedy.needs: remedy.command for remedy in tool.remedies}


def test_each_version_manager_is_told_the_python_that_is_asked_for() -> None:
    [python] = declared(".python-version", "3.12.4\n")

    assert python.version == "==3.12.4"
    assert "python3.12" in python.candidates
    assert python.finders[0][:4] == ("uv", "python", "find", "--system")
    assert ways(python)["uv"] == "uv python install 3.12"
    assert ways(python)["mise"] == "mise use python@3.12"


def test_mise_installs_what_its_own_file_names() -> None:
    [python] = declared("mise.toml", '[tools]\npython = "3.12"\n')

    assert ways(python)["mise"] == "mise install"


def test_node_comes_from_the_manager_that_is_there() -> None:
    [node] = declared("package.json", '{"engines": {"node": ">=20.9"}}')

    assert ways(node)["fnm"] == "fnm use --install-if-missing 20"
    assert ways(node)["~/.nvm/nvm.sh"] == "nvm install 20"
    assert "20" in node.install


def test_a_locked_package_manager_comes_through_corepack_in_its_version() -> None:
    [pnpm] = declared("package.json", '{"packageManager": "pnpm@9.1.0"}')

    assert pnpm.version == "==9.1.0"
    assert ways(pnpm) == {"corepack": "corepack enable pnpm", "npm": "npm install --global pnpm@9.1.0"}


def test_a_newer_yarn_is_another_package() -> None:
    [yarn] = declared("package.json", '{"packageManager": "yarn@4.1.0"}')

    assert ways(yarn)["npm"] == "npm install --global @yarnpkg/cli-dist@4.1.0"


def test_the_manager_that_a_project_is_locked_with_is_needed() -> None:
    [poetry] = declared("poetry.lock", manager=MANAGERS["poetry"])

    assert (poetry.name, str(poetry.place), poetry.install) == ("poetry", "poetry.lock", "pipx install poetry")


def test_uv_and_npm_are_needed_where_they_install() -> None:
    assert [tool.name for tool in declared("uv.lock", uses_uv=True)] == ["uv"]
    assert [tool.name for tool in declared("package.json", "{}", uses_npm=True)] == ["npm"]


def test_a_program_that_nobody_knows_is_not_looked_for() -> None:
    found = declared("mise.toml", '[tools]\nterraform = "1.9"\n"npm:prettier" = "3"\nodd = "1"\nrust = "1.80"\n')

    assert [tool.name for tool in found] == ["terraform", "rustc"]
