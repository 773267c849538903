"""Services beside a generated application, in a real engine: what reads the database, and what Ctrl-C leaves."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import urllib.request
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from tests.real.engines import docker, lend_image, lend_images
from tests.real.environments import path_without
from tests.real.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.real.environments import Environment

pytestmark = [
    pytest.mark.real,
    pytest.mark.usefixtures("engine"),
    pytest.mark.timeout(1200),
]

DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
INTERRUPTED, TERMINATED = 130, 143
CTRL_C = "\x03"


class Shop:
    """A generated service with PostgreSQL and Redis, whose containers bear a name of their own."""

    def __init__(self, environment: Environment, root: Path) -> None:
        self.name = f"devkit-test-{uuid4().hex[:12]}"
        self.environment = environment.having(COMPOSE_PROJECT_NAME=self.name, READY_TIMEOUT_SECONDS="60")
        self.root = root

    def up(self) -> Terminal:
        """Run `devkit up` on a terminal."""
        argv = [self.environment.script("devkit"), "up"]
        return Terminal(argv, cwd=self.root, variables=self.environment.variables)

    def devkit(self, *words: str) -> str:
        """Run another command, which has to succeed; return what it prints."""
        return self.environment.devkit(*words, cwd=self.root).passed().stdout

    def left(self, *what: str) -> str:
        """Return what the engine has of the project: containers, networks or volumes."""
        return docker(*what, "--quiet", "--filter", f"label=com.docker.compose.project={self.name}")

    def query(self, statement: str) -> str:
        """Ask the database itself."""
        container = docker("ps", "--quiet", "--filter", f"name={self.name}-postgres")
        return docker("exec", container, "psql", "-U", "app", "-At", "-c", statement, "app")


@pytest.fixture(scope="module")
def shop(with_uv: Environment, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """Return a service in Python with services chosen, and remove what the engine has of it in the end."""
    above = tmp_path_factory.mktemp("services")
    engine = {name: os.environ[name] for name in ("DOCKER_HOST", "DOCKER_CONFIG") if name in os.environ}
    environment = with_uv.having(**engine)
    environment.devkit("init", "shop", "--defaults", cwd=above).passed()
    made = Shop(environment, above / "shop")
    made.devkit("config", "set", "env.services", '["postgres", "redis"]')
    made.devkit("apply")
    for image in re.findall(r"image: (\S+:\S+)", (made.root / "compose.yaml").read_text()):
        lend_image(image.partition(":")[0], image)
    yield made
    made.devkit("down", "--volumes")


def address(terminal: Terminal) -> str:
    """Return where the application says that it is, once it does."""
    match = re.search(r"shop is there: (\S+)", terminal.see("  /health"))
    assert match is not None
    return match[1]


def ask(url: str, note: str = "") -> object:
    """Return the document of an answer; a note is sent to be kept."""
    body = json.dumps({"text": note}).encode() if note else None
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})  # noqa: S310 - loopback
    with DIRECT.open(request, timeout=60) as answer:
        return json.loads(answer.read())


def test_a_request_reads_the_database_and_ctrl_c_leaves_no_container_and_no_process(shop: Shop) -> None:
    with shop.up() as terminal:
        url = address(terminal)
        assert ask(f"{url}/ready") == {"status": "ready", "checks": {"database": "ok"}}
        note = ask(f"{url}/notes", "buy milk")
        assert ask(f"{url}/notes") == [note]
        assert shop.query("SELECT text FROM notes") == "buy milk"
        terminal.press(CTRL_C)
        assert terminal.end() == INTERRUPTED
        assert terminal.processes() == []
    assert (shop.left("ps", "--all"), shop.left("network", "ls")) == ("", "")
    assert "stopped postgres, redis" in terminal.shown
    assert "all that was started is stopped" in terminal.shown
    assert "error[" not in terminal.shown


def test_the_data_outlive_the_containers_and_the_password_is_shown_nowhere(shop: Shop) -> None:
    with shop.up() as terminal:
        assert ask(f"{address(terminal)}/notes") == [{"id": 1, "text": "buy milk"}]
        os.kill(terminal.process, signal.SIGTERM)
        assert terminal.end() == TERMINATED
        assert terminal.processes() == []
    assert shop.left("ps", "--all") == ""
    password = shop.devkit("env", "get", "POSTGRES_PASSWORD", "--reveal").strip()
    assert len(password) >= 32
    assert password not in terminal.shown
    ledger = b"".join(path.read_bytes() for path in (shop.root / ".devkit/state").glob("ledger*"))
    assert password.encode() not in ledger


def test_services_alone_run_on_free_ports_until_they_are_taken_down(shop: Shop) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        taken = server.getsockname()[1]
        shop.devkit("env", "set", "REDIS_PORT", str(taken))
        document = json.loads(shop.devkit("up", "--detach", "--json"))
        port = document["services"]["REDIS_PORT"]
        assert port != taken
        with socket.create_connection(("127.0.0.1", port), timeout=60) as redis:
            redis.sendall(b"PING\r\n")
            assert redis.recv(16) == b"+PONG\r\n"
    assert "redis | " in shop.devkit("logs", "redis")
    assert "database system is ready" in shop.devkit("logs", "postgres", "--tail", "50")
    assert shop.devkit("down").startswith("stopped postgres, redis\n")
    assert shop.left("ps", "--all") == ""
    assert shop.left("volume", "ls") != ""
    assert "removed the data" in shop.devkit("down", "--volumes")
    assert shop.left("volume", "ls") == ""


def test_compose_alone_builds_the_application_and_leads_it_to_the_database(shop: Shop) -> None:
    if os.environ.get("SSL_CERT_FILE"):  # packages are fetched as this machine does
        shop.devkit("config", "set", "build.custom-ca", "true")
    shop.devkit("apply")
    shop.devkit("run", "env:dotenv")
    lend_images((shop.root / "Dockerfile").read_text())
    compose = ["docker", "compose", "--project-name", shop.name]
    ports = dict.fromkeys(("PORT", "POSTGRES_PORT", "REDIS_PORT"), "0")  # the engine takes what is free
    environment = {**os.environ, **ports}

    started = subprocess.run(
        [*compose, "up", "--build", "--detach", "--wait", "app"],
        cwd=shop.root, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert started.returncode == 0, started.stderr
    container = docker("ps", "--quiet", "--filter", f"name={shop.name}-app")
    url = f"http://{docker('port', container, '8000')}"
    assert ask(f"{url}/ready") == {"status": "ready", "checks": {"database": "ok"}}
    assert "@postgres:5432/app" in docker("exec", container, "printenv", "DATABASE_URL")
    assert docker("exec", container, "printenv", "REDIS_URL") == "redis://redis:6379/0"
    assert "stopped app, postgres, redis" in shop.devkit("down", "--volumes")
    assert shop.left("ps", "--all") == ""


def test_ctrl_c_while_services_start_leaves_nothing(shop: Shop) -> None:
    with shop.up() as terminal:
        terminal.see("waiting for")
        terminal.press(CTRL_C)
        assert terminal.end() == INTERRUPTED
        assert terminal.processes() == []
    assert "all that was started is stopped" in terminal.shown
    assert "error[" not in terminal.shown
    assert shop.left("ps", "--all") == ""


def test_without_an_engine_a_service_is_a_clear_failure(shop: Shop, tmp_path: Path) -> None:
    path = path_without("podman", shop.environment.variables["PATH"], tmp_path / "bin")
    (tmp_path / "bin/docker").symlink_to(str(shutil.which("docker")))
    nowhere = shop.environment.having(DOCKER_HOST="unix:///nonexistent/docker.sock", PATH=path)

    ended = nowhere.devkit("up", cwd=shop.root)

    assert ended.code == 69
    assert "docker does not answer" in ended.stderr
    assert "state: nothing was changed" in ended.stderr
