from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from devkit_env.dotenv_text import parse
from devkit_env.settings import EnvSettings
from devkit_env.up.catalogue import SERVICES, ServiceName
from devkit_env.up.services import (
    chosen,
    compose_part,
    driver,
    found_values,
    made_values,
    neighbours,
    variables,
)
from devkit_env.variables import misfit

if TYPE_CHECKING:
    from collections.abc import Mapping


def part(*names: ServiceName, mirrors: Mapping[str, str] | None = None, **settings: Any) -> Any:
    merge = compose_part("compose.yaml", EnvSettings(services=names, **settings), mirrors or {})
    return merge.data


@pytest.mark.parametrize("name", list(ServiceName))
def test_every_service_is_pinned_checked_kept_and_reachable_from_this_machine_only(name: ServiceName) -> None:
    data = part(name)

    definition = data["services"][name]
    assert re.search(r":v?\d|:RELEASE\.\d", definition["image"])
    assert definition["healthcheck"]["test"][0] in {"CMD", "CMD-SHELL"}
    assert [volume.partition(":")[0] for volume in definition["volumes"]] == list(data["volumes"])
    for port in definition["ports"]:
        assert re.fullmatch(r"127\.0\.0\.1:\$\{[A-Z_]+_PORT:-\d+\}:\d+", port)


@pytest.mark.parametrize("name", list(ServiceName))
def test_no_secret_stands_in_the_compose_file(name: ServiceName) -> None:
    (service,) = chosen([name])
    declared = {each.name: each for each in variables([service])}

    assert {port.variable for port in service.ports} < set(declared)
    assert declared[service.url_variable].is_secret is bool(service.password)
    if service.password:
        assert declared[service.password].is_secret
        assert f"${{{service.password}:?" in str(part(name))


def test_the_ports_and_variables_of_all_services_differ() -> None:
    ports = [port for service in SERVICES.values() for port in service.ports]
    names = [each.name for each in variables(chosen(list(ServiceName)))]

    assert len({port.default for port in ports}) == len(ports)
    assert len(set(names)) == len(names)


def test_a_container_of_the_application_finds_the_services_by_name_and_their_own_ports() -> None:
    found = {each.name: each.environment for each in neighbours(chosen(["redis", "postgres", "mysql", "minio"]))}

    assert found["redis"] == {"REDIS_URL": "redis://redis:6379/0"}
    assert list(found["postgres"]) == ["DATABASE_URL"]
    assert re.fullmatch(
        r"postgresql://app:\$\{POSTGRES_PASSWORD:\?[^}]+\}@postgres:5432/app", found["postgres"]["DATABASE_URL"]
    )
    assert list(found["mysql"]) == ["MYSQL_URL"]
    assert found["minio"]["MINIO_URL"] == "http://minio:9000"
    assert found["minio"]["MINIO_PASSWORD"].startswith("${MINIO_PASSWORD:?"), "its URL has no place for it"


def test_version_image_and_mirror_are_heeded() -> None:
    assert part(ServiceName.REDIS, versions={"redis": "8"})["services"]["redis"]["image"] == "redis:8"
    assert part(ServiceName.REDIS, images={"redis": "acme/keys:1"})["services"]["redis"]["image"] == "acme/keys:1"
    mirrored = part(ServiceName.REDIS, mirrors={"docker.io": "mirror.example.com"})["services"]["redis"]["image"]
    assert mirrored.startswith("mirror.example.com/library/redis:")


def test_the_first_database_is_the_database() -> None:
    services = chosen(["redis", "mysql", "postgres", "mysql"])

    assert [each.url_variable for each in services] == ["REDIS_URL", "DATABASE_URL", "POSTGRES_URL"]


def test_passwords_are_made_up_and_differ() -> None:
    first, second = (made_values(chosen(["postgres"]), {"POSTGRES_PORT": "6000"}) for _ in range(2))

    password = first["POSTGRES_PASSWORD"]
    assert len(password) >= 32
    assert password != second["POSTGRES_PASSWORD"]
    assert first["DATABASE_URL"] == f"postgresql://app:{password}@127.0.0.1:6000/app"


def test_what_is_set_is_not_made_up() -> None:
    current = {"POSTGRES_PASSWORD": "mine", "DATABASE_URL": ""}

    assert made_values(chosen(["postgres"]), current) == {"DATABASE_URL": "postgresql://app:mine@127.0.0.1:5432/app"}
    assert made_values(chosen(["postgres"]), {**current, "DATABASE_URL": "x"}) == {}


def test_the_url_follows_to_another_database_unless_somebody_wrote_it() -> None:
    before = made_values(chosen(["postgres"]), {"POSTGRES_PORT": "6000"}) | {"POSTGRES_PORT": "6000"}

    made = made_values(chosen(["mysql", "postgres"]), before)
    own = made_values(chosen(["mysql"]), {**before, "DATABASE_URL": before["DATABASE_URL"].replace("app:", "me:")})

    assert made["DATABASE_URL"] == f"mysql://app:{made['MYSQL_PASSWORD']}@127.0.0.1:3306/app"
    assert made["POSTGRES_URL"] == before["DATABASE_URL"]
    assert list(own) == ["MYSQL_PASSWORD"]


def test_the_url_goes_with_the_last_database_unless_somebody_wrote_it() -> None:
    before = made_values(chosen(["postgres"]), {})

    assert made_values(chosen([]), before) == {"DATABASE_URL": ""}
    assert made_values(chosen(["redis"]), before)["DATABASE_URL"] == ""
    assert made_values(chosen([]), {**before, "DATABASE_URL": "postgresql://me:x@db/app"}) == {}
    assert made_values(chosen([]), {}) == {}


def test_a_password_that_no_url_can_hold_is_encoded_where_devkit_makes_the_url() -> None:
    made = made_values(chosen(["postgres"]), {"POSTGRES_PASSWORD": "a/b@c:d%e"})

    assert made == {"DATABASE_URL": "postgresql://app:a%2Fb%40c%3Ad%25e@127.0.0.1:5432/app"}


@pytest.mark.parametrize("name", [name for name in ServiceName if SERVICES[name].password])
def test_a_password_that_compose_puts_into_a_url_may_hold_nothing_to_encode(name: ServiceName) -> None:
    declared = {each.name: each for each in variables(chosen([name]))}
    password = declared[SERVICES[name].password]

    assert bool(misfit(password, "a/b")) is (name is not ServiceName.MINIO)
    assert not misfit(password, made_values(chosen([name]), {})[password.name])


def test_a_url_gets_the_port_that_the_service_has() -> None:
    current = {"DATABASE_URL": "postgresql://app:a:5432@127.0.0.1:5432/app"}

    found = found_values(chosen(["postgres"]), current, {}, {"POSTGRES_PORT": 5433})

    assert found == {"POSTGRES_PORT": "5433", "DATABASE_URL": "postgresql://app:a:5432@127.0.0.1:5433/app"}


@pytest.mark.parametrize("file", [{}, {"POSTGRES_PORT": "6000"}])
@pytest.mark.parametrize("has_both", [True, False])
def test_a_port_of_the_environment_is_in_the_url_of_the_file(file: dict[str, str], *, has_both: bool) -> None:
    url = made_values(chosen(["postgres"]), file)["DATABASE_URL"]
    environ = {"POSTGRES_PORT": "7000"} | (
        {"DATABASE_URL": "postgresql://a:b@127.0.0.1:7000/app"} if has_both else {}
    )

    found = found_values(chosen(["postgres"]), {**file, "DATABASE_URL": url}, environ, {"POSTGRES_PORT": 7001})

    assert found["DATABASE_URL"].endswith("@127.0.0.1:7001/app")


@pytest.mark.parametrize(
    "url",
    ["postgresql://db.example.com:5432/app", "postgresql://127.0.0.1:9999/app", "sqlite:///x.db", "", "x://a:b:c"],
)
def test_a_url_that_leads_elsewhere_is_left_alone(url: str) -> None:
    assert "DATABASE_URL" not in found_values(
        chosen(["postgres"]), {"DATABASE_URL": url}, {}, {"POSTGRES_PORT": 5433}
    )


def test_sqlalchemy_gets_the_driver_of_the_database() -> None:
    merge = driver(EnvSettings(services=(ServiceName.POSTGRES,)), '"SQLAlchemy>=2"')

    assert merge is not None
    assert merge.data == {"project": {"dependencies": ["psycopg[binary]>=3.2"]}}
    assert driver(EnvSettings(services=(ServiceName.POSTGRES,)), '"fastapi"') is None
    assert driver(EnvSettings(services=(ServiceName.REDIS,)), '"sqlalchemy"') is None


def test_a_made_value_is_read_alike_by_everybody() -> None:
    made = made_values(chosen(list(ServiceName)), {})
    text = "".join(f"{name}={value}\n" for name, value in made.items())

    assert {entry.key: entry.value for entry in parse(text, str(Path(".env")))} == made
