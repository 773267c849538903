"""MySQL (MariaDB in its place) and RabbitMQ: healthy, answering by the URLs in `.env`, and keeping their data."""

from __future__ import annotations

import base64
import json
import re
import urllib.request
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest

from tests.real.engines import docker, lend_image

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.real.environments import Environment

pytestmark = [pytest.mark.real, pytest.mark.usefixtures("engine"), pytest.mark.timeout(600)]

DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
QUEUE = "queues/%2F/kept"


class Project:
    """A project with both services, whose containers bear a name of their own."""

    def __init__(self, environment: Environment, root: Path) -> None:
        self.name = f"devkit-test-{uuid4().hex[:12]}"
        self.environment = environment.having(COMPOSE_PROJECT_NAME=self.name)
        self.root = root

    def devkit(self, *words: str) -> str:
        """Run a command, which has to succeed; return what it prints."""
        return self.environment.devkit(*words, cwd=self.root).passed().stdout

    def value(self, name: str) -> str:
        """Return a variable that a program beside the services is given."""
        code = f"import os; print(os.environ['{name}'])"
        return self.devkit("env", "run", "--", self.environment.script("python"), "-c", code).strip()

    def query(self, statement: str) -> str:
        """Ask the database by its URL, as a program on this machine does."""
        url = urlsplit(self.value("DATABASE_URL"))
        words = ("mariadb", f"--host={url.hostname}", f"--port={url.port}", f"--user={url.username}", "--skip-ssl")
        given = ("--rm", "--network=host", f"--env=MYSQL_PWD={url.password}", "--entrypoint=")
        return docker("run", *given, "devkit-stand-in/mysql:latest", *words, "-Ne", statement, url.path[1:])

    def ask(self, method: str, path: str, body: str = "") -> Any:
        """Return what RabbitMQ's pages answer to the user whom its URL names."""
        url, port = urlsplit(self.value("RABBITMQ_URL")), self.value("RABBITMQ_UI_PORT")
        credentials = base64.b64encode(f"{url.username}:{url.password}".encode()).decode()
        headers = {"Authorization": f"Basic {credentials}", "Content-Type": "application/json"}
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}/api/{path}", body.encode() or None, headers, method=method
        )
        with DIRECT.open(request, timeout=60) as answer:
            return json.loads(answer.read() or "null")


@pytest.fixture
def project(installed: Environment, tmp_path: Path) -> Iterator[Project]:
    """Return a project with MySQL and RabbitMQ; remove what the engine has of it in the end."""
    (tmp_path / "devkit.toml").write_text('[env]\nservices = ["mysql", "rabbitmq"]\n', "utf-8")
    made = Project(installed, tmp_path)
    made.devkit("add", "env")
    for image in re.findall(r"image: (\S+:\S+)", (tmp_path / "compose.yaml").read_text()):
        lend_image(image.partition(":")[0], image)
    yield made
    made.devkit("down", "--volumes")


def test_both_are_healthy_reached_by_their_urls_and_keep_their_data(project: Project) -> None:
    project.devkit("up", "--detach")
    project.query("CREATE TABLE notes (text VARCHAR(20)); INSERT INTO notes VALUES ('buy milk')")
    project.ask("PUT", QUEUE, '{"durable": true}')

    assert project.devkit("down") == "stopped mysql, rabbitmq\n"
    project.devkit("up", "--detach")

    assert project.query("SELECT text FROM notes") == "buy milk"
    assert project.ask("GET", QUEUE)["durable"] is True
    removed = f"{project.name}_mysql-data, {project.name}_rabbitmq-data"
    assert project.devkit("down", "--volumes") == f"stopped mysql, rabbitmq\nremoved the data: {removed}\n"
    for what in (("ps", "--all"), ("network", "ls"), ("volume", "ls")):
        assert docker(*what, "--quiet", "--filter", f"label=com.docker.compose.project={project.name}") == ""
