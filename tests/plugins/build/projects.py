"""Projects for the tests of the build stage, made from the texts of their files."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from devkit_build.project import project_of
from devkit_build.settings import BuildSettings
from devkit_scaffold.facts import detect
from devkit_scaffold.plugin import devkit_publish

from devkit.project.tree import DiskTree

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from devkit_build.project import Project

    from devkit.api import Fact, Key

SERVICE = """\
[build-system]
requires = ["hatchling"]
[project]
name = "shop"
requires-python = ">=3.11"
dependencies = ["fastapi>=0.1", "uvicorn"]
[project.scripts]
shop = "shop.server:main"
"""
LIBRARY = '[build-system]\nrequires = ["hatchling"]\n[project]\nname = "lib"\n'
NODE_SERVICE = json.dumps(
    {
        "name": "shop",
        "engines": {"node": ">=20.19"},
        "scripts": {"build": "tsc", "start": "node --enable-source-maps dist/main.js"},
        "dependencies": {"fastify": "^5"},
    }
)


@dataclass(frozen=True)
class Context:
    """What the build plugin sees of a project on disk."""

    root: Path
    chosen: BuildSettings = field(default_factory=BuildSettings)
    mirrors: Mapping[str, str] = field(default_factory=dict)
    published: Mapping[str, Any] = field(default_factory=dict)

    @property
    def tree(self) -> DiskTree:
        return DiskTree(self.root)

    @property
    def facts(self) -> Mapping[str, Fact]:
        return {fact.name: fact for fact in detect(self.tree)}

    def find(self, key: Key[Any]) -> Any:
        values = {each.key.name: each.value for each in devkit_publish(self)}  # type: ignore[arg-type]
        return (values | dict(self.published)).get(key.name)

    def collect(self, key: Key[Any]) -> Sequence[Any]:
        values: Sequence[Any] = self.published.get(key.name, ())
        return values

    def settings(self, _: type[BuildSettings]) -> BuildSettings:
        return self.chosen


def context(
    root: Path,
    files: Mapping[str, str],
    settings: BuildSettings | None = None,
    *,
    mirrors: Mapping[str, str] | None = None,
    published: Mapping[str, Any] | None = None,
) -> Any:
    """Return the context of a project with these files."""
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")
    return Context(root, settings or BuildSettings(), mirrors or {}, published or {})


def project(root: Path, files: Mapping[str, str], settings: BuildSettings | None = None, **more: Any) -> Project:
    """Return the same as the files of the stage are made from."""
    return project_of(context(root, files, settings, **more))
