"""The keys of `[tool.devkit]` itself, those that no plugin declares."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from devkit.config.tasks import TaskSettings  # noqa: TC001 - the types of settings are read when they are resolved

if TYPE_CHECKING:
    from devkit.api.values import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class CoreSettings:
    """What a project says about devkit itself."""

    required_version: str = field(
        default="", metadata={"help": "The versions of devkit that the project takes, such as `>=1.2,<2`."}
    )
    plugins: tuple[str, ...] = field(
        default=(), metadata={"help": "The plugins that the project needs, such as `acme-stage>=1,<2`."}
    )
    members: tuple[str, ...] = field(
        default=(), metadata={"help": "Patterns of the folders of a workspace; not available yet."}
    )
    plugin_folders: tuple[str, ...] = field(
        default=(),
        metadata={"help": "Folders of the project that hold plugins of its own; they run once they are trusted."},
    )
    facts: dict[str, Value] = field(
        default_factory=dict, metadata={"help": "Corrections of detected facts, by the name of the fact."}
    )
    mirrors: dict[str, str] = field(
        default_factory=dict,
        metadata={"help": "Mirrors of indexes and registries, such as `pypi.org` or `docker.io`, by its name."},
    )
    tasks: dict[str, TaskSettings] = field(
        default_factory=dict,
        metadata={"help": "Tasks of the project's own, by name; the name of a plugin's task changes that one."},
    )
