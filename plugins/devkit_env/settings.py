"""The table `[tool.devkit.env]`."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from devkit_env.up.catalogue import ServiceName  # noqa: TC001 - so are these
from devkit_env.variables import VariableSettings  # noqa: TC001 - the types of settings are looked up when it runs


class Installer(StrEnum):
    """The program that installs dependencies."""

    AUTO = "auto"
    UV = "uv"
    PIP = "pip"


class Editor(StrEnum):
    """What is told how the project is worked on."""

    VSCODE = "vscode"
    DEVCONTAINER = "devcontainer"
    EDITORCONFIG = "editorconfig"


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvSettings:
    """How a machine is made ready, and which variables the project declares."""

    installer: Installer = field(
        default=Installer.AUTO, metadata={"help": "What installs dependencies; `auto` takes uv when it is on PATH."}
    )
    groups: tuple[str, ...] = field(
        default=("dev",), metadata={"help": "Dependency groups that are installed for development."}
    )
    services: tuple[ServiceName, ...] = field(
        default=(),
        metadata={"help": "What the application needs beside itself; the first database is its `DATABASE_URL`."},
    )
    versions: dict[str, str] = field(
        default_factory=dict, metadata={"help": "The version of a service, by its name: the tag of its image."}
    )
    images: dict[str, str] = field(
        default_factory=dict, metadata={"help": "The whole image of a service, by its name."}
    )
    migrate: tuple[str, ...] = field(
        default=(),
        metadata={"help": "The command that brings the database up to date, where devkit does not find it out."},
    )
    seed: tuple[str, ...] = field(
        default=(), metadata={"help": "The command that fills a new database with data for development."}
    )
    editors: tuple[Editor, ...] = field(
        default=(Editor.VSCODE, Editor.DEVCONTAINER, Editor.EDITORCONFIG),
        metadata={"help": "The editors whose settings are kept up; none for an empty list."},
    )
    start: tuple[str, ...] = field(
        default=(),
        metadata={
            "help": "The command that starts the application for development, where devkit does not find it out; "
            "`{host}` and `{port}` stand for where it is to listen."
        },
    )
    variables: dict[str, VariableSettings] = field(
        default_factory=dict,
        metadata={
            "help": "The variables that the application reads, by name: `type`, `default`, `description`, "
            "`required`, `secret`, `choices`."
        },
    )
