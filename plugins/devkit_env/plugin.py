"""The env plugin: a virtual environment, the project's dependencies and its `.env`, as data."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from devkit.api import PYTHON, Block, Call, Moment, Published, Settings, Stage, Task, hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterable

    from devkit.api import Context, FileAction


class Installer(StrEnum):
    """The program that installs dependencies."""

    AUTO = "auto"
    UV = "uv"
    PIP = "pip"


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvSettings:
    """The table `[tool.devkit.env]`."""

    installer: Installer = field(
        default=Installer.AUTO, metadata={"help": "What installs dependencies; `auto` takes uv when it is on PATH."}
    )
    groups: tuple[str, ...] = field(
        default=("dev",), metadata={"help": "Dependency groups that are installed for development."}
    )


@hookimpl
def devkit_stages() -> Iterable[Stage]:
    """The stage that makes a machine ready."""
    return [Stage(name="env", summary="Make the machine ready: dependencies and `.env`.", after=("scaffold",))]


@hookimpl
def devkit_settings() -> Iterable[Settings]:
    """The table of this stage."""
    return [Settings(table="env", type=EnvSettings)]


@hookimpl
def devkit_publish(context: Context) -> Iterable[Published[Any]]:
    """The interpreter of the project's own environment."""
    return [Published(PYTHON, ".venv/bin/python")] if _is_python(context) else []


@hookimpl
def devkit_files(context: Context) -> Iterable[FileAction]:
    """What this stage makes is not committed."""
    venv = ".venv/\n" if _is_python(context) else ""
    yield Block(path=".gitignore", name="env", text=f".env\n{venv}")


@hookimpl
def devkit_tasks(context: Context) -> Iterable[Task]:
    """Lock file, dependencies and `.env`."""
    if context.tree.exists(".env.example"):
        yield Task(
            name="env:dotenv",
            summary="Make `.env` from `.env.example`.",
            action=Call(function="devkit_env.dotenv:complete"),
            inputs=(".env.example",),
            moment=Moment.SETUP,
        )
    if _is_python(context):
        settings = context.settings(EnvSettings)
        arguments = {"installer": str(settings.installer), "groups": list(settings.groups)}
        yield Task(
            name="env:lock",
            summary="Lock the dependencies to exact versions.",
            action=Call(function="devkit_env.python:lock", arguments=arguments),
            inputs=("pyproject.toml",),
            moment=Moment.LOCK,
        )
        yield Task(
            name="env:install",
            summary="Install the dependencies into `.venv`.",
            action=Call(function="devkit_env.python:install", arguments=arguments),
            needs=("env:lock",),
            inputs=("pyproject.toml", "uv.lock", "requirements.lock"),
            moment=Moment.SETUP,
        )


def _is_python(context: Context) -> bool:
    language = context.facts.get("language")
    return language is not None and language.value == "python"
