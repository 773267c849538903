"""The chosen services: their part of `compose.yaml`, and the variables by which the application finds them."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from msgspec.structs import replace

from devkit.api import Merge, Neighbour, Variable, mirrored_image
from devkit_env.ports import port_number
from devkit_env.up.address import LOOPBACK
from devkit_env.up.catalogue import DATABASE_URL, SERVICES, ServiceName

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from devkit.api import Value
    from devkit_env.settings import EnvSettings
    from devkit_env.up.catalogue import Service

_LOOPBACK = {LOOPBACK, "localhost", "::1"}
_PASSWORD_BYTES = 24
_DRIVERS = {ServiceName.POSTGRES: "psycopg[binary]>=3.2", ServiceName.MYSQL: "pymysql>=1.1"}
"""What SQLAlchemy needs to talk to a database."""


def chosen(names: Sequence[str]) -> tuple[Service, ...]:
    """Return services by name, each once; the first database is what `DATABASE_URL` names."""
    services = [SERVICES[ServiceName(name)] for name in dict.fromkeys(names)]
    first = next((service.name for service in services if service.is_database), None)
    return tuple(replace(each, url_variable=DATABASE_URL) if each.name == first else each for each in services)


def compose_part(path: str, settings: EnvSettings, mirrors: Mapping[str, str]) -> Merge:
    """Return what the chosen services add to the compose file."""
    services = chosen(settings.services)
    return Merge(
        path=path,
        data={
            "services": {str(each.name): _definition(each, _image(each, settings, mirrors)) for each in services},
            "volumes": {_volume(each): {} for each in services},
        },
    )


def driver(settings: EnvSettings, dependencies: str) -> Merge | None:
    """Return the dependency by which SQLAlchemy, where a Python project has it, talks to the chosen database."""
    wanted = [_DRIVERS[each.name] for each in chosen(settings.services) if each.url_variable == DATABASE_URL]
    if not wanted or "sqlalchemy" not in dependencies.lower():
        return None
    from devkit.api import SetList

    return Merge(
        path="pyproject.toml",
        data={"project": {"dependencies": wanted}},
        lists={"project.dependencies": SetList()},
    )


def variables(services: Sequence[Service]) -> Iterator[Variable]:
    """Yield what is declared for the services."""
    for service in services:
        url = f"Where {service.title} is; `devkit up` fills in the port that it has."
        yield Variable(name=service.url_variable, description=url, type="url", is_secret=bool(service.password))
        if service.password:
            yield Variable(
                name=service.password,
                description=f"The password of `app` at {service.title}.",
                type="token" if service.has_password_in_url else "text",
                is_secret=True,
            )
        for port in service.ports:
            description = f"The port of this machine for {port.purpose}; `devkit up` takes another one if need be."
            yield Variable(name=port.variable, description=description, default=str(port.default), type="port")


def neighbours(services: Sequence[Service]) -> Iterator[Neighbour]:
    """Yield the services as a container of the application finds them, in the network that compose makes."""
    for service in services:
        password = _required(service.password) if service.password else ""
        url = service.url.format(password=password, host=service.name, port=service.ports[0].number)
        environment = {service.url_variable: url}
        if service.password and not service.has_password_in_url:
            environment[service.password] = password
        yield Neighbour(name=str(service.name), environment=environment)


def made_values(services: Sequence[Service], current: Mapping[str, str]) -> dict[str, str]:
    """Return what the services need and nobody has set: new passwords, and the URLs with them.

    A URL that was made so for another database, chosen before, counts as not set; without any database it is empty.
    """
    made: dict[str, str] = {}
    for service in services:
        if service.password and not current.get(service.password):
            made[service.password] = secrets.token_urlsafe(_PASSWORD_BYTES)
        url = current.get(service.url_variable)
        is_of_another = service.url_variable == DATABASE_URL and url in _made_for_databases(current, service.name)
        if not url or is_of_another:
            made[service.url_variable] = _url(service, {**current, **made})
    has_database = any(service.url_variable == DATABASE_URL for service in services)
    if not has_database and current.get(DATABASE_URL) in _made_for_databases(current):
        made[DATABASE_URL] = ""
    return made


def _made_for_databases(current: Mapping[str, str], but: str = "") -> set[str]:
    """Return what `DATABASE_URL` would have been made for each database that has a password here, but one."""
    databases = (each for each in SERVICES.values() if each.is_database and each.name != but)
    return {_url(each, current) for each in databases if current.get(each.password)}


def _url(service: Service, current: Mapping[str, str]) -> str:
    password, port = current.get(service.password, ""), _first_port(service, current)
    return service.url.format(password=quote(password, safe=""), host=LOOPBACK, port=port)


def found_values(
    services: Sequence[Service], file: Mapping[str, str], environ: Mapping[str, str], ports: Mapping[str, int]
) -> dict[str, str]:
    """Return the variables with the ports that the services have; a URL that leads elsewhere is left alone.

    The URL of the file was made with the port of the file, though the environment may have another one.
    """
    current = {**file, **environ}
    found = {name: str(number) for name, number in ports.items()}
    for service in services:
        url, port = current.get(service.url_variable, ""), ports.get(service.ports[0].variable)
        if port is not None and _is_ours(url, {_first_port(service, file), _first_port(service, current)}):
            host = urlsplit(url).netloc.rpartition(":")[0]
            found[service.url_variable] = urlsplit(url)._replace(netloc=f"{host}:{port}").geturl()
    return found


def wanted_port(variable: str, default: int, current: Mapping[str, str]) -> int:
    """Return the port that a variable asks for, or the default."""
    return port_number(current.get(variable, "")) or default


def _first_port(service: Service, current: Mapping[str, str]) -> int:
    return wanted_port(service.ports[0].variable, service.ports[0].default, current)


def _is_ours(url: str, ports: Collection[int]) -> bool:
    try:
        host, number = urlsplit(url).hostname, urlsplit(url).port
    except ValueError:  # not a URL, or not a port
        return False
    return host in _LOOPBACK and number in ports


def _definition(service: Service, image: str) -> dict[str, Value]:
    ports = [f"{LOOPBACK}:${{{port.variable}:-{port.default}}}:{port.number}" for port in service.ports]
    environment: dict[str, Value] = dict(service.environment)
    environment |= {service.password_into: _required(service.password)} if service.password else {}
    return {
        "image": image,
        **service.more,
        **({"environment": environment} if environment else {}),
        "ports": ports,
        "volumes": [f"{_volume(service)}:{service.data}"],
        "healthcheck": {
            "test": list(service.health),
            "interval": "2s",
            "timeout": "5s",
            "retries": 30,
            "start_period": "60s",
        },
    }


def _image(service: Service, settings: EnvSettings, mirrors: Mapping[str, str]) -> str:
    version = settings.versions.get(service.name, service.version)
    return settings.images.get(service.name) or mirrored_image(f"{service.repository}:{version}", mirrors)


def _required(variable: str) -> str:
    """Return what compose replaces by a variable, and refuses to go on without."""
    return f"${{{variable}:?devkit run env:dotenv makes it}}"


def _volume(service: Service) -> str:
    return f"{service.name}-data"
