from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from devkit.testing import DevkitProject

ACME = """\
from dataclasses import dataclass, field
from devkit.api import Block, Merge, Seed, SetList, Settings, Stage, Write, hookimpl


@dataclass(frozen=True)
class AcmeSettings:
    text: str = field(default="one\\n", metadata={"help": "The text of acme.txt."})
    limit: int = field(default=80, metadata={"help": "A number that is merged."})


@hookimpl
def devkit_stages():
    return [Stage(name="acme", summary="Make acme files.")]


@hookimpl
def devkit_settings():
    return [Settings(table="acme", type=AcmeSettings)]


@hookimpl
def devkit_files(context):
    settings = context.settings(AcmeSettings)
    yield Write(path="acme.txt", text=settings.text)
    yield Write(path="bin/acme", text="#!/bin/sh\\n", executable=True)
    yield Seed(path="acme/start.txt", text="begin here\\n")
    data = {"tool": {"limit": settings.limit, "names": ["a"]}}
    yield Merge(path="acme.toml", data=data, lists={"tool.names": SetList()})
    yield Block(path=".gitignore", name="acme", text="acme.log\\n")
"""


@pytest.fixture
def acme(devkit_project: Callable[..., DevkitProject], devkit_plugin: Callable[..., Path]) -> DevkitProject:
    """A project with files of the user's and one third-party stage enabled."""
    devkit_plugin("acme", ACME)
    project = devkit_project({"devkit.toml": "", ".gitignore": "*.pyc\n", "acme.toml": "# mine\n[tool]\nown = 1\n"})
    done = project.run("add", "acme")
    assert done.code == 0, done.stderr
    return project
