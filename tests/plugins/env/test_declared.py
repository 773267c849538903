from __future__ import annotations

import pytest
from devkit_env.declared import wishes

from tests.plugins.env.trees import Files


def of(path: str, text: str) -> list[str]:
    return [f"{wish.name} {wish.version} {wish.place}" for wish in wishes(Files({path: text}))]


def test_python_is_asked_for_by_the_manifest() -> None:
    assert of("pyproject.toml", '[project]\nname = "a"\nrequires-python = ">=3.11"\n') == [
        "python >=3.11 pyproject.toml:3:1"
    ]


def test_poetry_and_uv_ask_in_their_own_tables() -> None:
    text = '[tool.poetry.dependencies]\npython = "^3.11"\n[tool.uv]\nrequired-version = ">=0.5"\n'

    assert of("pyproject.toml", text) == ["python >=3.11,<4 pyproject.toml:2:1", "uv >=0.5 pyproject.toml:4:1"]


def test_pipenv_asks_for_a_line_of_releases() -> None:
    assert of("Pipfile", '[requires]\npython_version = "3.12"\n') == ["python ==3.12.* Pipfile:2:1"]


def test_a_pin_is_the_first_line_that_is_no_comment() -> None:
    assert of(".python-version", "# ours\n\n3.12.4\n3.11\n") == ["python ==3.12.4 .python-version:3:1"]
    assert of(".nvmrc", "lts/iron\n") == ["node ==20.* .nvmrc:1:1"]
    assert of(".node-version", "v22\n") == ["node ==22.* .node-version:1:1"]


def test_engines_and_the_package_manager_are_found_with_their_lines() -> None:
    engines = '  "node": 1,\n  "engines": {\n    "node": ">=20.9",\n    "vscode": "^1"\n  },\n'
    text = f'{{\n{engines}  "packageManager": "pnpm@9.1.0+sha1.a"\n}}\n'

    assert of("package.json", text) == ["node >=20.9 package.json:4:5", "pnpm ==9.1.0 package.json:7:3"]


def test_engines_on_one_line_are_found_too() -> None:
    assert of("package.json", '{"engines": {"node": "20.x"}}') == ["node ==20.* package.json:1:14"]


def test_version_managers_name_programs_in_their_own_way() -> None:
    assert of(".tool-versions", "nodejs 20.11.0 18.0.0\n# c\ngolang 1.22\npython ref:main\n") == [
        "node ==20.11.0 .tool-versions:1:1",
        "go ==1.22.* .tool-versions:3:1",
    ]


@pytest.mark.parametrize("path", ["mise.toml", ".mise.toml", ".config/mise.toml"])
def test_mise_takes_one_version_or_several_or_a_table(path: str) -> None:
    tools = 'python = ["3.12", "3.11"]\nnode = { version = "lts" }\n"npm:prettier" = "3"\n'
    text = f'[env]\npython = "no"\n[tools]\n{tools}'

    assert of(path, text) == [
        f"python ==3.12.* {path}:4:1",
        f"node  {path}:5:1",
        f"npm:prettier ==3.* {path}:6:1",
    ]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("pyproject.toml", "[project\n"),
        ("pyproject.toml", "project = 1\n"),
        ("pyproject.toml", "[project]\nrequires-python = 3\n"),
        ("package.json", "{"),
        ("package.json", "[]"),
        ("package.json", '{"engines": [], "packageManager": 7}'),
        ("package.json", "[" * 100_000),
        (".python-version", ""),
        (".tool-versions", "python\n"),
        ("mise.toml", "tools = 1\n"),
        ("mise.toml", "[tools]\npython = []\n"),
    ],
)
def test_what_cannot_be_read_asks_for_nothing(path: str, text: str) -> None:
    assert of(path, text) == []
