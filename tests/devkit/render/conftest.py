from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest

from devkit.render.source import TemplateSource, open_template

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

ROOT = "{{cookiecutter.slug}}"


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def make_template(tmp_path: Path) -> Callable[..., TemplateSource]:
    """Write a template: its variables, the files of its project folder, and the files beside it."""

    def make(
        variables: Mapping[str, Any] | None = None,
        files: Mapping[str, str | bytes] | None = None,
        beside: Mapping[str, str | bytes] | None = None,
        name: str = "template",
    ) -> TemplateSource:
        folder = tmp_path / name
        chosen = {"slug": "shop"} if variables is None else variables
        write_files(folder, {"cookiecutter.json": json.dumps(chosen), **(beside or {})})
        (folder / ROOT).mkdir(exist_ok=True)
        write_files(folder / ROOT, files or {})
        return open_template(str(folder), {})

    return make


def write_files(folder: Path, files: Mapping[str, str | bytes]) -> None:
    for path, content in files.items():
        target = folder / path
        os.makedirs(target.parent, exist_ok=True)
        target.write_bytes(content.encode() if isinstance(content, str) else content)
