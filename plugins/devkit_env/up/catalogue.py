"""The services that a project may choose: images, ports, health and variables, as data."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct, field

if TYPE_CHECKING:
    from collections.abc import Mapping

    from devkit.api import Value

USER = "app"
"""Who the application is at every service, and the name of its database."""
DATABASE_URL = "DATABASE_URL"


class ServiceName(StrEnum):
    """A service by the name that it has in the configuration and in `compose.yaml`."""

    POSTGRES = "postgres"
    MYSQL = "mysql"
    REDIS = "redis"
    RABBITMQ = "rabbitmq"
    MONGODB = "mongodb"
    MINIO = "minio"
    MAILPIT = "mailpit"


class Port(Struct, frozen=True, kw_only=True):
    """A port of a container, and the variable that says where it is reached on this machine."""

    variable: str
    number: int
    purpose: str
    wanted: int = 0

    @property
    def default(self) -> int:
        """Where it is reached unless that is taken."""
        return self.wanted or self.number


class Service(Struct, frozen=True, kw_only=True):
    """A service; `url` names its first port, and has places for `{password}`, `{host}` and `{port}`.

    `data` is the folder of the container that outlives it; `health` ends with 0 once the service can be used.
    `password_into` is the variable of the container that takes the password, empty where there is none.
    """

    name: ServiceName
    title: str
    repository: str
    version: str
    ports: tuple[Port, ...]
    data: str
    health: tuple[str, ...]
    url_variable: str
    url: str
    password_into: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)
    more: Mapping[str, Value] = field(default_factory=dict)

    @property
    def password(self) -> str:
        """The variable of the project that holds the password of `app`, empty where there is none."""
        return f"{self.name.upper()}_PASSWORD" if self.password_into else ""

    @property
    def has_password_in_url(self) -> bool:
        """Whether its URL holds the password, which compose cannot encode."""
        return "{password}" in self.url

    @property
    def is_database(self) -> bool:
        """Whether it can be what `DATABASE_URL` names."""
        return self.name in {ServiceName.POSTGRES, ServiceName.MYSQL}


SERVICES: Mapping[ServiceName, Service] = {
    service.name: service
    for service in (
        Service(
            name=ServiceName.POSTGRES,
            title="PostgreSQL",
            repository="postgres",
            version="17.6",
            ports=(Port(variable="POSTGRES_PORT", number=5432, purpose="PostgreSQL"),),
            data="/var/lib/postgresql/data",
            # By TCP: while the database is being made, the server answers on its socket alone.
            health=("CMD-SHELL", 'pg_isready --host=127.0.0.1 --username="$$POSTGRES_USER" --dbname="$$POSTGRES_DB"'),
            url_variable="POSTGRES_URL",
            url=f"postgresql://{USER}:{{password}}@{{host}}:{{port}}/{USER}",
            environment={"POSTGRES_USER": USER, "POSTGRES_DB": USER},
            password_into="POSTGRES_PASSWORD",  # noqa: S106 - the name of a variable
        ),
        Service(
            name=ServiceName.MYSQL,
            title="MySQL",
            repository="mysql",
            version="8.4.6",
            ports=(Port(variable="MYSQL_PORT", number=3306, purpose="MySQL"),),
            data="/var/lib/mysql",
            health=(
                "CMD-SHELL",
                'MYSQL_PWD="$$MYSQL_PASSWORD" mysqladmin ping --host=127.0.0.1 --user="$$MYSQL_USER" --silent',
            ),
            url_variable="MYSQL_URL",
            url=f"mysql://{USER}:{{password}}@{{host}}:{{port}}/{USER}",
            environment={
                "MYSQL_USER": USER,
                "MYSQL_DATABASE": USER,
                "MYSQL_RANDOM_ROOT_PASSWORD": "yes",
            },
            password_into="MYSQL_PASSWORD",  # noqa: S106 - the name of a variable
        ),
        Service(
            name=ServiceName.REDIS,
            title="Redis",
            repository="redis",
            version="7.4.5",
            ports=(Port(variable="REDIS_PORT", number=6379, purpose="Redis"),),
            data="/data",
            health=("CMD", "redis-cli", "ping"),
            url_variable="REDIS_URL",
            url="redis://{host}:{port}/0",
        ),
        Service(
            name=ServiceName.RABBITMQ,
            title="RabbitMQ",
            repository="rabbitmq",
            version="4.1.4-management",
            ports=(
                Port(variable="RABBITMQ_PORT", number=5672, purpose="RabbitMQ"),
                Port(variable="RABBITMQ_UI_PORT", number=15672, purpose="RabbitMQ's pages"),
            ),
            data="/var/lib/rabbitmq",
            health=("CMD", "rabbitmq-diagnostics", "--quiet", "check_port_connectivity"),
            url_variable="RABBITMQ_URL",
            url=f"amqp://{USER}:{{password}}@{{host}}:{{port}}/",
            environment={"RABBITMQ_DEFAULT_USER": USER},
            password_into="RABBITMQ_DEFAULT_PASS",  # noqa: S106 - the name of a variable
            more={"hostname": "rabbitmq"},  # its data stand under the name of the host
        ),
        Service(
            name=ServiceName.MONGODB,
            title="MongoDB",
            repository="mongo",
            version="8.0.13",
            ports=(Port(variable="MONGODB_PORT", number=27017, purpose="MongoDB"),),
            data="/data/db",
            health=("CMD", "mongosh", "--quiet", "--eval", "quit(db.adminCommand('ping').ok ? 0 : 1)"),
            url_variable="MONGODB_URL",
            url=f"mongodb://{USER}:{{password}}@{{host}}:{{port}}/{USER}?authSource=admin",
            environment={"MONGO_INITDB_ROOT_USERNAME": USER},
            password_into="MONGO_INITDB_ROOT_PASSWORD",  # noqa: S106 - the name of a variable
        ),
        Service(
            name=ServiceName.MINIO,
            title="MinIO",
            repository="minio/minio",
            version="RELEASE.2025-04-22T22-12-26Z",
            ports=(
                Port(variable="MINIO_PORT", number=9000, purpose="MinIO"),
                Port(variable="MINIO_UI_PORT", number=9001, purpose="MinIO's pages"),
            ),
            data="/data",
            health=("CMD", "mc", "ready", "local"),
            url_variable="MINIO_URL",
            url="http://{host}:{port}",
            environment={"MINIO_ROOT_USER": USER},
            password_into="MINIO_ROOT_PASSWORD",  # noqa: S106 - the name of a variable
            more={"command": ["server", "/data", "--console-address", ":9001"]},
        ),
        Service(
            name=ServiceName.MAILPIT,
            title="Mailpit",
            repository="axllent/mailpit",
            version="v1.27.8",
            ports=(
                Port(variable="MAILPIT_PORT", number=1025, purpose="mail that the application sends"),
                Port(variable="MAILPIT_UI_PORT", number=8025, purpose="the pages that show the mail"),
            ),
            data="/data",
            health=("CMD", "/mailpit", "readyz"),
            url_variable="SMTP_URL",
            url="smtp://{host}:{port}",
            environment={"MP_DATABASE": "/data/mailpit.db"},
        ),
    )
}
