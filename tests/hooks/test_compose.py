from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from devkit_githooks import compose

if TYPE_CHECKING:
    from tests.hooks.repository import Repository

SOUND = """\
name: shop
x-common: &common
  restart: unless-stopped
services:
  web:
    <<: *common
    build: .
    image: shop
    depends_on:
      db: {condition: service_healthy}
    ports: ["127.0.0.1:8000:8000", "0.0.0.0:8080:80"]
    environment:
      DB_PASSWORD: ${DB_PASSWORD}
      DATABASE_URL: postgresql://shop:${DB_PASSWORD}@db/shop
      TOKEN_URL: https://a.example/token1234
  worker: {image: shop, depends_on: [db]}
  db:
    image: postgres:16@sha256:0
    ports: !override
      - {target: 5432, published: 5432, host_ip: 127.0.0.1}
    environment: [POSTGRES_PASSWORD=postgres]
    annotations: {}
volumes: {data: {}}
"""


def found(repository: Repository, text: str, name: str = "compose.yaml") -> list[str]:
    repository.stage(name, text)
    _, lines = repository.hook(compose.main)
    return [line.removeprefix(f"{name}:").partition(";")[0] for line in lines]


def service(line: str) -> str:
    return f"services:\n  a:\n    {line}\n" + ("" if "image" in line else "    image: b:1\n")


def test_a_sound_file_has_no_finding(repository: Repository) -> None:
    assert found(repository, SOUND) == []


def test_unknown_keys_are_found_with_the_one_that_is_meant(repository: Repository) -> None:
    repository.stage("compose.yaml", "services: {}\nvolums: {}\nx-own: 1\n")
    code, lines = repository.hook(compose.main)
    said = "compose.yaml:2: there is no key 'volums' at the top; write volumes; then: git add compose.yaml"
    assert (code, lines) == (1, [said])
    assert found(repository, service("enviroment: {}")) == ["3: there is no key 'enviroment' in the service 'a'"]


def test_a_key_that_is_like_no_known_one_may_be_a_new_one(repository: Repository) -> None:
    assert found(repository, service("brand_new_thing: 1")) == []


@pytest.mark.parametrize("port", ["5432:5432", "15432:5432/tcp", "{target: 5432, published: 1}"])
def test_a_store_that_the_network_reaches_is_a_finding(repository: Repository, port: str) -> None:
    quoted = port if port.startswith("{") else f'"{port}"'
    (line,) = found(repository, service(f"ports: [{quoted}]"))
    assert line == "3: PostgreSQL can be reached from every network of this machine"


def test_another_open_port_is_a_warning_that_strict_makes_a_finding(repository: Repository) -> None:
    repository.stage("compose.yaml", service('ports: ["8000:8000"]'))
    code, lines = repository.hook(compose.main)
    assert (code, "warning: the port 8000" in lines[0]) == (0, True)
    assert repository.hook(compose.main, "--strict")[0] == 1


@pytest.mark.parametrize("port", ["8000", "$PORT:80", "[::1]:80:80", "127.0.0.1:5432:5432"])
def test_other_ports_are_left_alone(repository: Repository, port: str) -> None:
    assert found(repository, service(f'ports: ["{port}"]')) == []


def test_secrets_stand_elsewhere(repository: Repository) -> None:
    assert found(repository, service("environment: {DB_PASSWORD: qw7ert9zui}")) == [
        "3: the secret DB_PASSWORD stands in the file"
    ]
    assert found(repository, service('environment: ["URL=mysql://a:qw7ert9zui@b/c"]')) == [
        "3: the secret URL stands in the file"
    ]


def test_images_have_tags_unless_they_are_built_here(repository: Repository) -> None:
    assert found(repository, service("image: b:latest")) == ["3: the image 'b:latest' is another one every time"]
    assert found(repository, service("image: b")) == ["3: the image 'b' has no tag"]
    assert found(repository, service("image: b:$TAG")) == []


def test_references_lead_somewhere_in_the_main_file(repository: Repository) -> None:
    text = service("depends_on: [b]")
    assert found(repository, text) == ["3: the service 'a' depends on 'b', which is not there"]
    assert found(repository, text + "include: [c.yaml]\n") == []
    assert found(repository, "services:\n  a:\n    tty: true\n") == ["2: the service 'a' has neither image nor build"]


def test_a_file_that_is_merged_over_another_may_be_a_part(repository: Repository) -> None:
    assert found(repository, "services:\n  a:\n    depends_on: [b]\n", "compose.override.yaml") == []


@pytest.mark.parametrize(
    "text", ["services:\n\t- a", "services: [a]\n", "a: &a {services: *a}\n", "services:\n  a: {{b}}\n"]
)
def test_what_is_no_compose_file_is_left_alone(repository: Repository, text: str) -> None:
    assert [line for line in found(repository, text) if "no key 'a'" not in line] == []


@pytest.mark.parametrize(
    "name", ["compose.yaml", "docker-compose.yml", "a/compose.prod.yaml", "docker-compose-dev.yml"]
)
def test_compose_files_are_known_by_their_names(name: str) -> None:
    assert compose.is_compose(name.encode())
    assert not compose.is_compose(name.replace("compose", "composer").encode())
