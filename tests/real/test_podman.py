"""Podman as the engine: `devkit build` and services, over the interface that it shares with Docker."""

from __future__ import annotations

import json
import socket
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from devkit_env.up.catalogue import SERVICES, ServiceName

from tests.real.build_projects import SMALL, Service, small
from tests.real.podmans import ARCHIVED_REDIS, Podman, serving_podman, why_there_is_none

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.real.environments import Environment

pytestmark = [pytest.mark.real, pytest.mark.usefixtures("engine"), pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def podman(registry: str) -> Iterator[Podman]:
    """Return a service of podman that holds an image to build on; skip with the reason where there is none."""
    if missing := why_there_is_none():
        pytest.skip(missing)
    with serving_podman(registry) as made:
        made.run("load", given=["docker", "save", "devkit-stand-in/python:latest"])
        yield made


@pytest.fixture
def shop(installed: Environment, podman: Podman, tmp_path: Path) -> Service:
    """Return a small service whose engine is podman."""
    return small(installed.having(DOCKER_HOST=podman.host), tmp_path)


def test_an_image_is_built_checked_and_pushed(shop: Service, podman: Podman, registry: str) -> None:
    where = {"DEVKIT_BUILD__REGISTRY": registry}
    document = shop.document("build", "--push", **where)

    assert document["pushed"] == document["references"]
    name = document["reference"].rpartition(":")[0]
    assert podman.run("pull", f"{name}@{document['digest']}") == document["image_id"].removeprefix("sha256:")
    assert "nothing changed" in shop.devkit("build", **where).passed().stderr
    shop.devkit("run", "build:check", **where).passed()


def test_a_build_that_fails_shows_the_line(shop: Service) -> None:
    shop.write("Dockerfile", SMALL.replace("RUN echo built", "RUN echo broken; exit 3; echo"))

    ended = shop.devkit("build")

    assert ended.code == 1, ended.stderr
    assert "ended with exit code 3\n  --> Dockerfile:4" in ended.stderr


def test_what_podman_does_not_take_is_refused_with_the_reason(shop: Service) -> None:
    ended = shop.devkit("build", "--secret=id=token,env=HOME")

    assert ended.code == 69
    assert "--secret needs BuildKit, which is not to be had over podman's socket" in ended.stderr


def test_a_service_is_started_waited_for_and_removed(installed: Environment, podman: Podman, tmp_path: Path) -> None:
    image = f"docker.io/library/{SERVICES[ServiceName.REDIS].repository}:{SERVICES[ServiceName.REDIS].version}"
    command = 'CMD ["redis-server", "--protected-mode", "no"]'
    podman.run("import", f"--change={command}", "-", image, given=ARCHIVED_REDIS)
    name = f"devkit-test-{uuid4().hex[:12]}"  # the networks of all stores are in one folder
    environment = installed.having(DOCKER_HOST=podman.host, COMPOSE_PROJECT_NAME=name)
    (tmp_path / "devkit.toml").write_text('[env]\nservices = ["redis"]\n', "utf-8")
    environment.devkit("add", "env", cwd=tmp_path).passed()

    ended = environment.devkit("up", "--detach", "--json", cwd=tmp_path).passed()

    port = json.loads(ended.stdout)["services"]["REDIS_PORT"]
    with socket.create_connection(("127.0.0.1", port), timeout=60) as redis:
        redis.sendall(b"PING\r\n")
        assert redis.recv(16) == b"+PONG\r\n"
    assert "redis | " in environment.devkit("logs", "redis", cwd=tmp_path).passed().stdout
    assert environment.devkit("down", "--volumes", cwd=tmp_path).passed().stdout.startswith("stopped redis\n")
    left = [podman.run(*what, "--quiet") for what in (("ps", "--all"), ("volume", "ls"))]
    assert left == ["", ""]
    assert name not in podman.run("network", "ls")
