"""A private index under an authority of its own: what opens it is used in the build and found nowhere afterwards."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from devkit_build.files import image_files
from devkit_build.settings import BuildSettings, Stack

from devkit.api import Write
from tests.plugins.build.projects import project
from tests.real import private_index
from tests.real.engines import docker, lend_images
from tests.real.environments import run

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from tests.real.environments import Environment
    from tests.real.private_index import Index

pytestmark = [pytest.mark.real, pytest.mark.usefixtures("engine")]

PYPROJECT = (
    '[project]\nname = "private"\nversion = "1"\nrequires-python = ">=3.11"\ndependencies = ["acme-greeting"]\n'
)
PYTHON = {"pyproject.toml": PYPROJECT, "main.py": "from acme_greeting import GREETING\nprint(GREETING)\n"}
NODE = {
    "package.json": '{"name": "private", "version": "1.0.0", "main": "main.js", '
    '"dependencies": {"acme-greeting": "1.0.0"}}',
    "main.js": 'console.log(require("acme-greeting"));\n',
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A project that needs the index: its files, how it is locked, and the secrets that its build is given."""

    stack: Stack
    files: Mapping[str, str]
    lock: tuple[str, ...]
    secrets: tuple[str, ...]


CASES = {
    "uv": Case(stack=Stack.PYTHON, files=PYTHON, lock=("uv", "lock"), secrets=("uv.toml", "netrc")),
    "pip": Case(stack=Stack.PYTHON, files=PYTHON, lock=(), secrets=("pip.conf", "netrc")),
    "npm": Case(
        stack=Stack.NODE,
        files=NODE,
        lock=("npm", "install", "--package-lock-only", "--no-audit"),
        secrets=("npmrc",),
    ),
}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    """Return a running private index."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not on PATH")
    with private_index.serving(tmp_path_factory.mktemp("index")) as running:
        yield running


@pytest.mark.parametrize("name", CASES)
def test_what_opens_a_private_index_leaves_no_trace(
    name: str, index: Index, with_uv: Environment, tmp_path: Path
) -> None:
    case, root, image = CASES[name], tmp_path / "project", f"devkit-test/private-{name}"
    write_project(root, case)
    lock(root, case, index, with_uv, tmp_path)
    settings = BuildSettings(stack=case.stack, custom_ca=True)
    text = next(each.text for each in image_files(project(root, {}, settings)) if isinstance(each, Write))
    (root / "Dockerfile").write_text(text, "utf-8")
    lend_images(text)

    log = build(root, image, case, index) + build(root, f"{image}-stage", case, index, "--target", stage(case))

    assert docker("run", "--rm", image) == "hello"
    canaries = [private_index.PASSWORD, index.authority.read_text("utf-8").splitlines()[1]]
    for made in (image, f"{image}-stage"):
        saved = subprocess.run(["docker", "save", made], capture_output=True, check=True).stdout
        history = docker("history", "--no-trunc", made)
        assert not [canary for canary in canaries if canary in log + history or canary.encode() in saved]


def test_without_the_secret_the_build_says_so(index: Index, tmp_path: Path) -> None:
    case, root = CASES["pip"], tmp_path / "project"
    write_project(root, case)
    settings = BuildSettings(stack=case.stack, custom_ca=True)
    text = next(each.text for each in image_files(project(root, {}, settings)) if isinstance(each, Write))
    (root / "Dockerfile").write_text(text, "utf-8")
    lend_images(text)

    words = [
        "docker",
        "buildx",
        "build",
        "--progress",
        "plain",
        "--secret",
        f"id=pip.conf,src={index.files['pip.conf']}",
    ]
    done = subprocess.run([*words, str(root)], capture_output=True, text=True, check=False)

    assert done.returncode != 0
    assert "secret ca not found" in done.stderr


def write_project(root: Path, case: Case) -> None:
    """Write the files of a project."""
    root.mkdir()
    for path, text in case.files.items():
        (root / path).write_text(text, "utf-8")


def lock(root: Path, case: Case, index: Index, environment: Environment, folder: Path) -> None:
    """Lock a project against the index, as its developer does."""
    if not case.lock:
        return
    if shutil.which(case.lock[0], path=environment.variables["PATH"]) is None:
        pytest.skip(f"{case.lock[0]} is not on PATH")
    variables = {name: value for name, value in environment.variables.items() if not name.startswith(("UV_", "PIP_"))}
    variables |= {"NETRC": str(index.files["netrc"]), "SSL_CERT_FILE": str(index.authority)}
    variables |= {"UV_CONFIG_FILE": str(index.files["uv.toml"]), "UV_CACHE_DIR": str(folder / "cache")}
    variables |= {"npm_config_userconfig": str(index.files["npmrc"]), "npm_config_cache": str(folder / "cache")}
    variables |= {"npm_config_cafile": str(index.authority)}
    run(case.lock, cwd=root, variables=variables).passed()


def stage(case: Case) -> str:
    """Return the stage that fetched the packages."""
    return "dependencies" if case.stack is Stack.NODE else "build"


def build(root: Path, image: str, case: Case, index: Index, *words: str) -> str:
    """Build an image where loopback is the machine's own; return what the builder printed."""
    secrets = {"ca": index.authority, **{name: index.files[name] for name in case.secrets}}
    given = [word for name, path in secrets.items() for word in ("--secret", f"id={name},src={path}")]
    command = ["docker", "buildx", "build", "--load", "--network", "host", "--progress", "plain", "--tag", image]
    done = subprocess.run([*command, *given, *words, str(root)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr
