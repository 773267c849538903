"""What a plugin registers once: stages, settings, commands, templates."""

from __future__ import annotations

import builtins
from pathlib import Path

from msgspec import Struct

from devkit.api.values import Value


class Stage(Struct, frozen=True, kw_only=True):
    """A node of the lifecycle graph; `after` and `before` name its neighbours and order it, nothing else."""

    name: str
    summary: str
    after: tuple[str, ...] = ()
    before: tuple[str, ...] = ()


class Settings(Struct, frozen=True, kw_only=True):
    """The table `[tool.devkit.<table>]`, described by a frozen dataclass.

    Each field is a key (`_` written as `-`); its type is `bool`, `int`, `float`, `str`, an `Enum` of text, or
    a `tuple` or `dict` of these; its default is required, and `field(metadata={"help": "…"})` describes it.
    """

    table: str
    type: builtins.type


class Command(Struct, frozen=True, kw_only=True):
    """A command of the plugin: `target` is `"module:attribute"` of a click command in its distribution."""

    name: str
    summary: str
    target: str


class Template(Struct, frozen=True, kw_only=True):
    """A project template: a cookiecutter template in a folder, perhaps with a `template.toml` beside it."""

    name: str
    summary: str
    folder: Path


class Default(Struct, frozen=True, kw_only=True):
    """A default of a setting that follows from facts; configuration overrides it."""

    table: str
    key: str
    value: Value
