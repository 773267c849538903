"""Keys under which stages share values, and the facts they start from."""

from __future__ import annotations

import builtins
from collections.abc import Mapping
from typing import Generic, TypeVar

from msgspec import Struct

from devkit.api.values import Value
from devkit.errors import Place

T = TypeVar("T")


class Key(Struct, Generic[T], frozen=True):
    """A typed name for a value that one stage publishes and others read.

    A key with `many` collects: every stage may publish to it, and a reader gets all values, in stage order.
    """

    name: str
    type: builtins.type[T]
    many: bool = False


class Published(Struct, Generic[T], frozen=True):
    """One value that a stage shares under a key."""

    key: Key[T]
    value: T


class Variable(Struct, frozen=True, kw_only=True):
    """An environment variable that the application reads, declared once for `.env.example` and all else.

    `type` is `text`, `integer`, `number`, `boolean`, `url`, `email`, `port` or `path`; `choices` are all
    values that it may have, where they are few.
    """

    name: str
    description: str
    default: str = ""
    is_required: bool = False
    is_secret: bool = False
    type: str = "text"
    choices: tuple[str, ...] = ()


class Neighbour(Struct, frozen=True, kw_only=True):
    """A service beside the application in the compose file: its name there, and the variables that lead to it.

    They are those of a container of the application, where the service is reached by its name and its own port.
    """

    name: str
    environment: Mapping[str, str]


class GitHook(Struct, frozen=True, kw_only=True):
    """A git hook that a stage wants to be run, as a local hook of `.pre-commit-config.yaml` describes it.

    `entry` is a program with its first arguments; what it needs comes from the project's own environment, so that
    nobody needs devkit to commit. `types_or`, `files` and `exclude` choose the files that it is given.
    """

    id: str
    name: str
    entry: str
    language: str = "system"
    files: str = ""
    exclude: str = ""
    types: tuple[str, ...] = ()
    types_or: tuple[str, ...] = ()
    stages: tuple[str, ...] = ("pre-commit",)
    takes_files: bool = True
    is_serial: bool = False


class Fact(Struct, frozen=True, kw_only=True):
    """Something detected about a project, with the place where it was read."""

    name: str
    value: Value
    place: Place


PORT = Key("service.port", int)
"""The port on which the application listens, published by the stage that knows how it is started."""
HEALTH_PATH = Key("service.health-path", str)
METRICS_PATH = Key("service.metrics-path", str)
IMAGE = Key("build.image", str)
"""The name of the project's image, with its registry and without a tag."""
VARIABLES = Key("variables", Variable, many=True)
NEIGHBOURS = Key("service.neighbours", Neighbour, many=True)
"""What the application stands on in the compose file."""
SERVICES = Key("env.services", str)
"""The file of variables by which `env:services` says where the services are; published where there are some."""
PYTHON = Key("env.python", str)
"""The project's own interpreter, relative to the project."""
NPM = Key("env.npm", str)
"""What runs the scripts of `package.json`; published where npm installs the dependencies."""
GIT_HOOKS = Key("hooks.git-hooks", GitHook, many=True)
"""Hooks for `.pre-commit-config.yaml`, from any stage."""
