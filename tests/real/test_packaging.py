"""What is shipped: the files in the wheel and the sdist, and commands in environments they were installed into."""

from __future__ import annotations

import tarfile
import zipfile
from functools import cache
from typing import TYPE_CHECKING

import pytest

from devkit import __version__
from tests.real.environments import REPOSITORY, Environment, interpreters, make_environment

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

pytestmark = [pytest.mark.real]

INFO = f"devkit_cycle-{__version__}.dist-info"
PACKAGES = {
    "devkit": "devkit",
    "hooks/devkit_githooks": "devkit_githooks",
    "plugins/devkit_scaffold": "devkit_scaffold",
    "plugins/devkit_env": "devkit_env",
    "plugins/devkit_hooks": "devkit_hooks",
    "plugins/devkit_test": "devkit_test",
    "plugins/devkit_build": "devkit_build",
    "templates": "devkit_scaffold/templates",
}
"""Where each folder of this repository lies in the wheel."""


def files_below(folder: str) -> set[str]:
    """Return the files below a folder of this repository, without what Python makes."""
    root = REPOSITORY / folder
    files = (path for path in root.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(root).as_posix() for path in files}


def test_the_wheel_holds_the_packages_and_templates_and_nothing_else(wheel: Path) -> None:
    expected = {f"{there}/{path}" for here, there in PACKAGES.items() for path in files_below(here)}
    metadata = {f"{INFO}/{name}" for name in ("METADATA", "WHEEL", "RECORD", "entry_points.txt", "licenses/LICENSE")}

    with zipfile.ZipFile(wheel) as archive:
        assert set(archive.namelist()) == expected | metadata


def test_the_wheel_holds_what_is_easily_forgotten(wheel: Path) -> None:
    service = "devkit_scaffold/templates/python-service/{{cookiecutter.project_slug}}"
    dotfiles = {f"{service}/{name}" for name in (".gitignore", ".editorconfig", ".env.example")}

    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        entry_points = archive.read(f"{INFO}/entry_points.txt").decode()
        metadata = archive.read(f"{INFO}/METADATA").decode()

    assert dotfiles | {"devkit/py.typed"} <= names
    assert {"[console_scripts]", "[devkit.plugins]", "[pytest11]"} <= set(entry_points.splitlines())
    assert {"Name: devkit-cycle", "Requires-Python: >=3.11", "License-Expression: MIT"} <= set(metadata.splitlines())


def test_the_sdist_holds_the_sources_with_their_tests_and_nothing_else(distributions: Path) -> None:
    (sdist,) = distributions.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {member.name.partition("/")[2] for member in archive.getmembers() if member.isfile()}

    folders = {name.partition("/")[0] for name in names if "/" in name}
    expected = {
        f"{folder}/{path}" for folder in ("devkit", "plugins", "templates", "hooks") for path in files_below(folder)
    }
    assert expected <= names
    assert folders == {"devkit", "plugins", "templates", "hooks", "tests", "docs", "benchmarks"}
    assert {"pyproject.toml", "README.md", "LICENSE", "PKG-INFO", "tox.ini"} <= names
    assert not [name for name in names if "__pycache__" in name or ".devkit/" in name or name.endswith(".pyc")]


@pytest.fixture(scope="session")
def install(
    distributions: Path, home: Path, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str, str], Environment]:
    """Return what installs devkit in one way for one version of Python, once each."""

    @cache
    def install_once(way: str, version: str) -> Environment:
        environment = make_environment(
            tmp_path_factory.mktemp(f"{way}{version}") / "venv", home, interpreters()[version]
        )
        match way:
            case "wheel":
                environment.pip("install", "--quiet", *distributions.glob("*.whl"))
            case "sdist":
                environment.pip("install", "--quiet", *distributions.glob("*.tar.gz"))
            case "editable":
                environment.pip("install", "--quiet", "--editable", REPOSITORY)
        return environment

    return install_once


@pytest.fixture(
    scope="session",
    params=[
        *(("wheel", version) for version in interpreters()),
        ("sdist", next(iter(interpreters()))),
        ("editable", next(iter(interpreters()))),
    ],
    ids="-".join,
)
def environment(request: pytest.FixtureRequest, install: Callable[[str, str], Environment]) -> Environment:
    """Return an environment into which devkit was installed."""
    way, version = request.param
    return install(way, version)


@pytest.mark.parametrize("command", [["devkit"], ["devkit-cycle"], ["python", "-m", "devkit"]], ids=" ".join)
def test_each_way_to_call_it_tells_the_version(environment: Environment, command: list[str], tmp_path: Path) -> None:
    assert environment.run(*command, "--version", cwd=tmp_path).passed().stdout == f"devkit {__version__}\n"


def test_help_and_lists_work_in_an_empty_folder(environment: Environment, tmp_path: Path) -> None:
    help_text = environment.run("python", "-m", "devkit", "--help", cwd=tmp_path).passed().stdout
    templates = environment.devkit("template", "list", cwd=tmp_path).passed().stdout
    plugins = environment.devkit("plugin", "list", cwd=tmp_path).passed().stdout

    assert "init        Make a new repository" in help_text
    assert [line.split()[0] for line in templates.splitlines()] == [
        "node-service",
        "python-library",
        "python-service",
    ]
    assert [line.split()[:4] for line in plugins.splitlines()] == [
        [name, "devkit-cycle", __version__, "loaded"] for name in ("scaffold", "env", "hooks", "test", "build")
    ]
    assert list(tmp_path.iterdir()) == []


def test_a_project_can_be_made_without_the_network(environment: Environment, tmp_path: Path) -> None:
    environment.devkit("init", "shop", "--defaults", "--no-env", cwd=tmp_path).passed()

    environment.devkit("-C", "shop", "apply", "--check", cwd=tmp_path).passed()


BAIT = "import pathlib; pathlib.Path(__file__).with_name('sprung').touch(); raise SystemExit(9)\n"
MODULES = ("json.py", "click.py", "typing.py", "tomllib.py", "devkit_env.py", "devkit/cli.py", "devkit/errors.py")
PACKAGE = ("devkit/__init__.py", "devkit/__main__.py")


@pytest.mark.parametrize(
    ("call", "bait"),
    [
        (["devkit"], MODULES + PACKAGE),
        (["python", "-P", "-m", "devkit"], MODULES + PACKAGE),
        (["python", "-m", "devkit"], MODULES),  # Python itself runs a package `devkit` of the current folder
    ],
    ids=["devkit", "python -P -m devkit", "python -m devkit"],
)
def test_nothing_in_the_current_folder_is_imported(
    environment: Environment, call: list[str], bait: Sequence[str], tmp_path: Path
) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.devkit]\n", "utf-8")
    (tmp_path / "devkit").mkdir()
    for name in bait:
        (tmp_path / name).write_text(BAIT, "utf-8")

    for words in (["--help"], ["status"], ["plugin", "list"], ["template", "list"]):
        environment.run(*call, *words, cwd=tmp_path).passed()

    assert not list(tmp_path.rglob("sprung"))
