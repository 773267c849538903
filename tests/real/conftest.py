from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

from tests.real.engines import serving_registry, what_is_missing
from tests.real.environments import REPOSITORY, Environment, make_environment, make_home, path_without

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from pathlib import Path


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where every component must be there, a skip is a failure that shows its reason."""
    report = yield
    if report.skipped and os.environ.get("DEVKIT_REQUIRE_REAL"):
        report.outcome = "failed"
        report.longrepr = f"skipped, though every component is required: {report.longreprtext}"
    return report


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home that is not the user's."""
    return make_home(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="session")
def tools(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """Return an environment with `build` and `uv`; skip where no package index answers."""
    environment = make_environment(tmp_path_factory.mktemp("tools") / "venv", home)
    done = environment.run("python", "-m", "pip", "install", "--quiet", "build", "uv", cwd=home)
    if done.code != 0:
        pytest.skip(f"no package index answers: {done.stderr.strip().splitlines()[-1:]}")
    return environment


@pytest.fixture(scope="session")
def distributions(tools: Environment, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the sdist of this repository, and the wheel that is built from it."""
    folder = tmp_path_factory.mktemp("dist")
    tools.run("python", "-m", "build", "--outdir", folder, REPOSITORY, cwd=folder).passed()
    return folder


@pytest.fixture(scope="session")
def wheel(distributions: Path) -> Path:
    """Return the wheel of this repository."""
    (found,) = distributions.glob("*.whl")
    return found


@pytest.fixture(scope="session")
def installed(wheel: Path, home: Path, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """Return an environment with the wheel, on whose search path there is no uv."""
    environment = make_environment(tmp_path_factory.mktemp("installed") / "venv", home)
    environment.pip("install", "--quiet", wheel)
    path = path_without("uv", environment.variables["PATH"], home / "tools")
    return environment.having(PATH=path)


@pytest.fixture(scope="session")
def with_uv(installed: Environment, tools: Environment, home: Path) -> Environment:
    """Return the same environment with uv on the search path."""
    folder = home / "uv"
    folder.mkdir()
    (folder / "uv").symlink_to(tools.script("uv"))
    return installed.having(PATH=f"{folder}{os.pathsep}{installed.variables['PATH']}")


@pytest.fixture(scope="session")
def engine() -> None:
    """Have a Docker engine with buildx, compose and the stand-in images; skip with the reason where there is none."""
    _need_engine()


@pytest.fixture(scope="session")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a registry on loopback; skip where there is none, or no engine."""
    _need_engine()
    if shutil.which("docker-registry") is None:
        pytest.skip("docker-registry is not installed")
    with serving_registry(tmp_path_factory.mktemp("registry")) as address:
        yield address


def _need_engine() -> None:
    missing = what_is_missing()
    if missing:
        pytest.skip(missing)
