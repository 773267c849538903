"""Pushing to real registries: with a credential helper, refused, lost half way, and silent."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from devkit_build import pushing
from devkit_build.pushing import push_image

from devkit.api import REGISTRY_SLOW, DevkitError
from devkit.engine.taskcontext import ProjectTaskContext, Surroundings
from tests.real.build_projects import Service, forget, recording, small
from tests.real.engines import docker, serving_registry
from tests.real.poor_registry import losing, silent

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.real.environments import Environment

pytestmark = [
    pytest.mark.real,
    pytest.mark.timeout(1800),
    pytest.mark.usefixtures("engine"),
]

PASSWORD = "canary-pass-word"  # noqa: S105 - of a registry that lives as long as a test
HTPASSWD = "ada:$2b$05$PaXbflX2JPS2FMEP7YVSJOsJyTJYaWAOhxB0c.0/B3yGoeTy/XfC2"


@pytest.fixture(scope="module")
def shop(installed: Environment, tmp_path_factory: pytest.TempPathFactory) -> Service:
    """Return a small service."""
    above = tmp_path_factory.mktemp("push")
    return small(recording(installed, above / "bin"), above)


@pytest.fixture(autouse=True)
def _forgotten(shop: Service) -> Iterator[None]:
    yield
    forget(shop)


def test_the_users_own_credential_helper_opens_the_registry(shop: Service, tmp_path: Path, registry: str) -> None:
    assert registry
    with serving_registry(tmp_path, HTPASSWD) as address:
        refused = shop.devkit("build", "--push", DEVKIT_BUILD__REGISTRY=address, DOCKER_CONFIG=str(tmp_path))
        _lend_helper(shop, tmp_path, address)
        ended = shop.devkit("build", "--push", "-v", DEVKIT_BUILD__REGISTRY=address, DOCKER_CONFIG=str(tmp_path))

    assert refused.code == 77, refused.stderr
    assert "docker login" in refused.stderr
    assert "no tag was seen in the registry" in refused.stderr
    ended.passed()
    argv = (shop.root.parent / "bin/argv").read_text("utf-8")
    state = b"".join(path.read_bytes() for path in (shop.root / ".devkit").rglob("*") if path.is_file())
    assert PASSWORD not in ended.stdout + ended.stderr + refused.stderr + argv
    assert PASSWORD.encode() not in state


def test_a_registry_that_dies_half_way_leaves_a_true_state_and_the_next_push_goes_on(
    shop: Service, registry: str
) -> None:
    lost = {"second"}
    with losing(registry, lost) as address:
        variables = {"DEVKIT_BUILD__REGISTRY": address}
        broken = shop.devkit("build", "--push", "--tag=second", **variables)
        image = shop.image()
        lost.clear()
        again = shop.devkit("build", "--push", "--tag=second", "-v", **variables)

    assert broken.code == 69, broken.stderr
    assert image["pushed"] == [image["reference"]]
    assert f"state: 1 of 2 tags are pushed: {image['reference']}" in broken.stderr
    again.passed()
    assert f"{image['reference']}: is there already" in again.stdout + again.stderr
    assert shop.image()["pushed"] == shop.image()["references"]


def test_a_registry_that_is_not_there_is_unavailable(shop: Service) -> None:
    ended = shop.devkit("build", "--push", DEVKIT_BUILD__REGISTRY="127.0.0.1:1")

    assert ended.code == 69, ended.stderr
    assert "no tag was seen in the registry" in ended.stderr


def test_a_registry_that_never_answers_is_given_up(shop: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pushing, "_PATIENCE", 2)
    with silent() as address:
        shop.devkit("build", DEVKIT_BUILD__REGISTRY=address).passed()
        surroundings = Surroundings(root=shop.root, tell=lambda _: None)
        with pytest.raises(DevkitError) as caught:
            push_image(ProjectTaskContext(task="build:push", surroundings=surroundings))

    assert caught.value.kind == REGISTRY_SLOW


def test_an_image_that_the_engine_lost_is_not_pushed(shop: Service, registry: str) -> None:
    shop.devkit("build", DEVKIT_BUILD__REGISTRY=registry).passed()
    docker("image", "rm", "--force", shop.image()["reference"])

    shop.devkit("build", "--push", DEVKIT_BUILD__REGISTRY=registry).passed()

    assert shop.image()["pushed"]


def _lend_helper(service: Service, folder: Path, address: str) -> None:
    """Let a credential helper know the password."""
    helper = service.root.parent / "bin/docker-credential-canary"
    answer = json.dumps({"ServerURL": address, "Username": "ada", "Secret": PASSWORD})
    helper.write_text(f"#!/bin/sh\ncat >/dev/null\necho '{answer}'\n", "utf-8")
    helper.chmod(0o755)
    (folder / "config.json").write_text(json.dumps({"credHelpers": {address: "canary"}}), "utf-8")
