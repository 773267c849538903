from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from devkit_build.python import python_dockerfile
from devkit_build.settings import BuildSettings

from tests.plugins.build.projects import SERVICE, project

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

POETRY = '[tool.poetry]\nname = "shop"\n[tool.poetry.dependencies]\npython = "~3.11"\nfastapi = "*"\n'
DJANGO = {
    "pyproject.toml": '[project]\nname = "shop"\ndependencies = ["django", "gunicorn"]\n',
    "manage.py": "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'site.settings')\n",
    "site/settings.py": "STATIC_ROOT = BASE_DIR / 'static'\n",
}


def dockerfile(root: Path, files: Mapping[str, str], settings: BuildSettings | None = None) -> str:
    return python_dockerfile(project(root, files, settings))


def command(text: str) -> list[str]:
    [line] = [line for line in text.splitlines() if line.startswith("CMD ")]
    words = json.loads(line.removeprefix("CMD "))
    return [str(word) for word in words]


@pytest.mark.parametrize(
    ("files", "installs"),
    [
        ({"uv.lock": ""}, "uv sync --locked --no-default-groups --no-install-project"),
        ({"requirements.lock": ""}, "install --constraint requirements.lock --requirement /tmp/requirements.txt"),
        ({"requirements.txt": ""}, "install --requirement requirements.txt"),
        ({"poetry.lock": ""}, "poetry install --only main --no-root"),
        ({"pdm.lock": ""}, "pdm sync --prod --no-self"),
        ({"Pipfile.lock": ""}, "pipenv sync"),
        ({}, "install --requirement /tmp/requirements.txt"),
        ({"pyproject.toml": POETRY}, "poetry install --only main --no-root"),
        ({"pyproject.toml": "", "Pipfile": '[packages]\nflask = "*"\n'}, "pipenv sync"),
    ],
)
def test_the_dependencies_are_a_layer_of_their_own_before_the_source(
    files: Mapping[str, str], installs: str, tmp_path: Path
) -> None:
    text = dockerfile(tmp_path, {"pyproject.toml": SERVICE, **files})

    assert installs in text
    assert text.index(installs) < text.index("COPY . .")


def test_what_runs_has_no_build_tool_and_is_not_root(tmp_path: Path) -> None:
    text = dockerfile(tmp_path, {"pyproject.toml": SERVICE, "uv.lock": ""})
    final = text[text.rindex("\nFROM ") :]

    copied = [line for line in final.splitlines() if line.startswith("COPY")]
    assert copied == ["COPY --from=build /opt/venv /opt/venv"]
    assert "USER 10001:10001" in final
    assert "HEALTHCHECK" in final
    assert command(final) == ["shop"]


def test_the_same_project_gives_the_same_bytes(tmp_path: Path) -> None:
    files = {"pyproject.toml": SERVICE, "uv.lock": ""}

    assert dockerfile(tmp_path, files) == dockerfile(tmp_path, files)


@pytest.mark.parametrize(
    ("files", "version"),
    [({}, "3.13"), ({".python-version": "3.12.4\n"}, "3.12"), ({".python-version": "pypy"}, "3.13")],
)
def test_the_base_image_has_the_version_that_the_project_is_for(
    files: Mapping[str, str], version: str, tmp_path: Path
) -> None:
    assert f"FROM python:{version}-slim-trixie\n" in dockerfile(tmp_path, {"pyproject.toml": SERVICE, **files})


@pytest.mark.parametrize(
    ("requires", "version"), [(">=3.14", "3.14"), ("<3.12", "3.11"), ("==3.9.*", "3.13"), ("x", "3.13")]
)
def test_the_base_image_is_one_that_the_project_allows(requires: str, version: str, tmp_path: Path) -> None:
    text = dockerfile(tmp_path, {"pyproject.toml": SERVICE.replace(">=3.11", requires)})

    assert f"FROM python:{version}-slim-trixie\n" in text


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"src/shop/main.py": "app = FastAPI(title='x')\n"}, ["uvicorn", "shop.main:app"]),
        ({"app/main.py": "api: FastAPI = fastapi.FastAPI()\n"}, ["uvicorn", "app.main:api"]),
        ({"src/shop/app.py": "def create_app() -> FastAPI:\n"}, ["uvicorn", "--factory", "shop.app:create_app"]),
        ({"src/shop/__main__.py": ""}, ["python", "-m", "shop"]),
    ],
)
def test_an_application_without_a_script_is_served_as_its_framework_is(
    files: Mapping[str, str], expected: list[str], tmp_path: Path
) -> None:
    manifest = SERVICE[: SERVICE.index("[project.scripts]")]
    text = dockerfile(tmp_path, {"pyproject.toml": manifest, **files})

    assert command(text)[: len(expected)] == expected


def test_flask_is_served_by_gunicorn_where_the_project_has_it(tmp_path: Path) -> None:
    files = {"requirements.txt": "Flask==3\ngunicorn\n", "pyproject.toml": "", "app.py": "app = Flask(__name__)\n"}
    text = dockerfile(tmp_path, files)

    assert command(text)[:: len(command(text)) - 1] == ["gunicorn", "app:app"]
    assert "COPY --from=build /app ./" in text


def test_a_django_project_collects_its_static_files_and_runs_from_its_folder(tmp_path: Path) -> None:
    text = dockerfile(tmp_path, DJANGO)

    assert "manage.py collectstatic --no-input" in text
    assert "COPY --from=build /app ./" in text
    assert command(text)[-1] == "site.wsgi:application"


def test_the_settings_choose_command_packages_and_user(tmp_path: Path) -> None:
    settings = BuildSettings(command=("shop", "--fast"), packages=("libpq5",), build_packages=("gcc",), user="7:7")
    text = dockerfile(tmp_path, {"pyproject.toml": SERVICE}, settings)

    assert command(text) == ["shop", "--fast"]
    assert "USER 7:7" in text
    assert text.index("gcc") < text.index("libpq5")


@pytest.mark.parametrize("manifest", ["", "[", "[project]\ndependencies = 1\n", "[project]\nscripts = []\n"])
def test_a_manifest_that_says_nothing_is_no_failure(manifest: str, tmp_path: Path) -> None:
    assert "FROM python:" in dockerfile(tmp_path, {"pyproject.toml": manifest})


def test_the_python_of_the_image_is_one_that_poetry_allows(tmp_path: Path) -> None:
    text = dockerfile(tmp_path, {"pyproject.toml": POETRY})

    assert "FROM python:3.11-slim-trixie AS build" in text
    assert 'image.title="shop"' in text
