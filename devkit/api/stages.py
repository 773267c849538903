"""What a plugin registers once: stages, settings, commands, templates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from devkit.api.values import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A node of the lifecycle graph; `after` and `before` name its neighbours and order it, nothing else."""

    name: str
    summary: str
    after: tuple[str, ...] = ()
    before: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The table `[tool.devkit.<table>]`, described by a frozen dataclass.

    Each field is a key (`_` written as `-`); its type is `bool`, `int`, `float`, `str`, an `Enum` of text, or
    a `tuple` or `dict` of these; its default is required, and `field(metadata={"help": "…"})` describes it.
    """

    table: str
    type: type


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command of the plugin: `target` is `"module:attribute"` of a click command in its distribution."""

    name: str
    summary: str
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A project template: a cookiecutter template in a folder, perhaps with a `template.toml` beside it."""

    name: str
    summary: str
    folder: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Default:
    """A default of a setting that follows from facts; configuration overrides it."""

    table: str
    key: str
    value: Value
