from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from devkit_scaffold.facts import detect

from devkit.project.tree import DiskTree

if TYPE_CHECKING:
    from pathlib import Path

PYPROJECT = """\
[project]
name = "shop"
requires-python = ">=3.11"
dependencies = [
  "fastapi>=0.1",
]
"""


def facts(folder: Path, files: dict[str, str]) -> dict[str, object]:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    return {fact.name: fact.value for fact in detect(DiskTree(folder))}


def test_a_python_service_is_recognised(tmp_path: Path) -> None:
    assert facts(tmp_path, {"pyproject.toml": PYPROJECT, "src/shop/__init__.py": ""}) == {
        "language": "python",
        "package.name": "shop",
        "python.requires": ">=3.11",
        "framework": "fastapi",
        "package.import": "shop",
    }


def test_each_fact_says_where_it_was_read(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(PYPROJECT)
    lines = {fact.name: fact.place.line for fact in detect(DiskTree(tmp_path))}

    assert lines == {"language": 1, "package.name": 2, "python.requires": 3, "framework": 5}


def test_a_node_service_is_recognised(tmp_path: Path) -> None:
    manifest = '{"name": "shop", "dependencies": {"express": "5"}}'

    assert facts(tmp_path, {"package.json": manifest}) == {
        "language": "node",
        "package.name": "shop",
        "framework": "express",
    }


def test_a_manifest_that_does_not_parse_yields_its_language_only(tmp_path: Path) -> None:
    assert facts(tmp_path, {"pyproject.toml": "[project"}) == {"language": "python"}


def test_a_project_of_pipenv_needs_no_other_manifest(tmp_path: Path) -> None:
    assert facts(tmp_path, {"Pipfile": "[packages]\n"}) == {"language": "python"}


def test_a_poetry_project_is_known_by_its_own_table(tmp_path: Path) -> None:
    manifest = '[tool.poetry]\nname = "shop"\n[tool.poetry.dependencies]\npython = "~3.11"\nfastapi = "^0.1"\n'

    assert facts(tmp_path, {"pyproject.toml": manifest}) == {
        "language": "python",
        "package.name": "shop",
        "python.requires": ">=3.11,<3.12",
        "framework": "fastapi",
    }


def test_a_pipfile_tells_python_and_framework(tmp_path: Path) -> None:
    pipfile = '[packages]\nFlask = "*"\n[requires]\npython_version = "3.12"\n'

    assert facts(tmp_path, {"Pipfile": pipfile}) == {
        "language": "python",
        "python.requires": "==3.12.*",
        "framework": "flask",
    }


@pytest.mark.parametrize(
    "files",
    [
        {"setup.py": "setup(name='shop', version='1', python_requires='>=3.10')\n"},
        {"setup.py": "setup(\n    name='shop',\n    python_requires='>=3.10',\n)\n"},
        {"setup.py": "setup()\n", "setup.cfg": "[metadata]\nname = shop\n[options]\npython_requires = >=3.10\n"},
        {
            "pyproject.toml": "[build-system]\n",
            "setup.cfg": "[metadata]\nname=shop\n[options]\npython_requires=>=3.10\n",
        },
    ],
)
def test_a_project_of_setuptools_alone_is_recognised(files: dict[str, str], tmp_path: Path) -> None:
    assert facts(tmp_path, files) == {"language": "python", "package.name": "shop", "python.requires": ">=3.10"}


def test_an_empty_folder_has_no_facts(tmp_path: Path) -> None:
    assert facts(tmp_path, {}) == {}


def test_requirements_alone_tell_language_and_framework(tmp_path: Path) -> None:
    assert facts(tmp_path, {"requirements.txt": "# web\nFlask==3.1\n"}) == {
        "language": "python",
        "framework": "flask",
    }


def test_the_application_of_a_python_service_is_found(tmp_path: Path) -> None:
    files = {
        "pyproject.toml": PYPROJECT,
        "src/shop/app.py": "\n\ndef create_app() -> FastAPI:\n    app = FastAPI()\n",
    }

    assert facts(tmp_path, files)["application"] == "shop.app:create_app()"
    (application,) = (fact for fact in detect(DiskTree(tmp_path)) if fact.name == "application")
    assert str(application.place) == "src/shop/app.py:3"


def test_an_application_object_outside_of_src_is_found(tmp_path: Path) -> None:
    files = {"pyproject.toml": PYPROJECT, "app/main.py": "server: FastAPI = fastapi.FastAPI(title='x')\n"}

    assert facts(tmp_path, files)["application"] == "app.main:server"


def test_django_is_started_by_its_own_script(tmp_path: Path) -> None:
    assert facts(tmp_path, {"pyproject.toml": PYPROJECT, "manage.py": ""})["application"] == "manage.py"


def test_node_is_started_by_the_script_for_development(tmp_path: Path) -> None:
    manifest = '{\n"scripts": {"start": "node .",\n"dev": "node --watch ."}}'

    assert facts(tmp_path, {"package.json": manifest})["application"] == "dev"
    (application,) = (fact for fact in detect(DiskTree(tmp_path)) if fact.name == "application")
    assert str(application.place) == "package.json:3"


def test_the_port_is_the_one_that_the_example_names(tmp_path: Path) -> None:
    files = {"package.json": "{}", ".env.example": "# PORT=1\nHOST=0.0.0.0\nPORT=9000\n"}

    assert facts(tmp_path, files)["port"] == 9000
