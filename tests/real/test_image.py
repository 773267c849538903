"""The images of generated services, built by BuildKit from their own Dockerfiles, and run as they are meant to be."""

from __future__ import annotations

import json
import os
import re
import shutil
import ssl
import subprocess
import time
import urllib.request
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from tests.real.engines import docker, lend_images

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.real.environments import Environment

pytestmark = [
    pytest.mark.real,
    pytest.mark.usefixtures("engine"),
    pytest.mark.timeout(900),  # seconds; the first of them makes a project and builds its image
]

DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
CANARY = "canary-in-dotenv-3f1c"
EPHEMERAL = ("--env", "DATABASE_URL=sqlite:////tmp/data.sqlite3")
CONFINED = ("--read-only", "--tmpfs", "/tmp", "--cap-drop", "ALL", "--security-opt", "no-new-privileges:true")
KINDS = {"python-uv": "python-service", "python-pip": "python-service", "node-npm": "node-service"}
STOP_SECONDS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """An image, the project that it was built from, and what the builder printed."""

    name: str
    root: Path
    log: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """A running container, and where its port is on loopback."""

    name: str
    address: str

    def get(self, path: str) -> str:
        """Return what the service answers, once it listens."""
        for _ in range(600):
            try:
                with DIRECT.open(f"http://{self.address}{path}", timeout=10) as response:
                    text: str = response.read().decode()
                    return text
            except OSError:
                time.sleep(0.1)
        raise AssertionError(docker("logs", self.name))


def authorities() -> Path:
    """Return the file with the certificate authorities that this machine trusts."""
    found = os.environ.get("SSL_CERT_FILE") or ssl.get_default_verify_paths().cafile
    return Path(found or "/etc/ssl/certs/ca-certificates.crt")


@pytest.fixture(scope="session")
def make_image(
    installed: Environment, with_uv: Environment, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Image]:
    """Return what makes a project of a kind and builds its image, once each."""

    @cache
    def make(kind: str) -> Image:
        if kind == "node-npm" and shutil.which("npm") is None:
            pytest.skip("npm is not on PATH")
        above = tmp_path_factory.mktemp(kind)
        environment = _with_npm(with_uv if kind == "python-uv" else installed)
        words = ["init", "shop", "--defaults", "--template", KINDS[kind]]
        environment.devkit(*words, cwd=above).passed()
        root = above / "shop"
        environment.devkit("config", "set", "build.custom-ca", "true", cwd=root).passed()
        environment.devkit("apply", cwd=root).passed()
        (root / ".env").write_text(f"SECRET={CANARY}\n", "utf-8")
        return build(f"devkit-test/{kind}", root)

    return make


def build(name: str, root: Path) -> Image:
    """Build the image of a project as its guide says, without devkit."""
    lend_images((root / "Dockerfile").read_text("utf-8"))
    words = ["docker", "buildx", "build", "--load", "--progress", "plain", "--tag", name, "--secret"]
    done = subprocess.run([*words, f"id=ca,src={authorities()}", root], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return Image(name=name, root=root, log=done.stdout + done.stderr)


def _with_npm(environment: Environment) -> Environment:
    names = [name for name in os.environ if re.match("npm_config_|NODE_EXTRA_CA_CERTS$", name, re.IGNORECASE)]
    return environment.having(**{name: os.environ[name] for name in names})


@pytest.fixture(params=KINDS)
def image(request: pytest.FixtureRequest, make_image: Callable[[str], Image]) -> Image:
    """Return the image of a generated service."""
    return make_image(request.param)


@pytest.fixture
def container(image: Image) -> Iterator[Container]:
    """Run an image with as few rights as its Compose file gives it."""
    [port] = json.loads(docker("image", "inspect", "--format", "{{json .Config.ExposedPorts}}", image.name))
    name = docker("run", "--detach", *CONFINED, *EPHEMERAL, "--publish", f"127.0.0.1:0:{port}", image.name)
    try:
        yield Container(name=name, address=docker("port", name, port).splitlines()[0])
    finally:
        docker("rm", "--force", "--volumes", name)


def test_it_answers_about_itself_and_stops_in_time_when_told_to(container: Container) -> None:
    assert json.loads(container.get("/health")) == {"status": "ok"}
    assert "http_request_duration_seconds" in container.get("/metrics")
    assert json.loads(container.get("/ready"))["status"] == "ready"

    docker("stop", "--time", str(STOP_SECONDS), container.name)

    state = json.loads(docker("inspect", "--format", "{{json .State}}", container.name))
    assert state["ExitCode"] == 0  # one that the engine had to kill ends with 137


def test_its_own_health_check_finds_it_healthy(container: Container, image: Image) -> None:
    container.get("/health")
    check = json.loads(docker("image", "inspect", "--format", "{{json .Config.Healthcheck.Test}}", image.name))

    assert check[0] == "CMD"
    docker("exec", container.name, *check[1:])


def test_it_runs_as_a_numeric_user_who_owns_nothing_in_it(container: Container, image: Image) -> None:
    container.get("/health")

    assert docker("image", "inspect", "--format", "{{.Config.User}}", image.name) == "10001:10001"
    assert docker("exec", container.name, "id", "-u") == "10001"
    as_root = ("run", "--rm", "--user", "0", "--entrypoint", "find", image.name)
    assert docker(*as_root, "/", "-xdev", "-user", "10001") == ""


@pytest.mark.parametrize("tool", ["gcc", "make", "uv", "tsc", "eslint", "pytest", "git"])
def test_what_builds_and_checks_is_not_in_it(image: Image, tool: str) -> None:
    path = "PATH=/app/node_modules/.bin:/app/.venv/bin:$PATH"
    found = docker("run", "--rm", "--entrypoint", "sh", image.name, "-c", f"{path}; command -v {tool} || true")

    assert found == ""


def test_neither_secrets_nor_history_nor_tests_are_in_it(image: Image) -> None:
    listed = docker("run", "--rm", "--entrypoint", "find", image.name, "/app", "/opt", "-maxdepth", "3").splitlines()
    saved = subprocess.run(["docker", "save", image.name], capture_output=True, check=True).stdout

    names = {Path(line).name for line in listed if "node_modules" not in line}
    assert names.isdisjoint({".env", ".env.example", ".git", ".devkit", "tests", "Dockerfile", ".dockerignore"})
    assert CANARY.encode() not in saved


def test_the_authorities_of_the_build_are_not_in_it(image: Image) -> None:
    body = authorities().read_text("utf-8").split("-----END CERTIFICATE-----")[0].splitlines()[-2]
    history = docker("history", "--no-trunc", image.name)

    assert body not in image.log
    assert body not in history
    assert docker("run", "--rm", "--entrypoint", "sh", image.name, "-c", "ls /run/secrets 2>&1 || true").endswith(
        "No such file or directory"
    )


def test_a_second_build_makes_nothing_anew(image: Image) -> None:
    again = build(image.name, image.root)

    assert "CACHED" in again.log
    assert not re.search(r"^#\d+ \d+\.\d+ ", again.log, re.MULTILINE), "a step ran"


def test_a_change_of_the_source_does_not_fetch_the_dependencies_again(image: Image) -> None:
    source = next(path for path in sorted(image.root.glob("src/**/*")) if path.suffix in {".py", ".ts"})
    before = source.read_bytes()
    sign = "#" if source.suffix == ".py" else "//"
    comment = f"\n{sign} {uuid4()}\n".encode()  # what an earlier run has not left in the engine's cache
    source.write_bytes(before + comment)
    try:
        log = build(image.name, image.root).log
    finally:
        source.write_bytes(before)

    steps = dict(re.findall(r"^#(\d+) (\[.*)$", log, re.MULTILINE))
    cached = set(re.findall(r"^#(\d+) CACHED$", log, re.MULTILINE))
    fetching = {
        number for number, text in steps.items() if "target=pyproject.toml" in text or "target=package.json" in text
    }
    assert fetching
    assert fetching <= cached
    assert [number for number, text in steps.items() if "COPY . ." in text and number not in cached]
