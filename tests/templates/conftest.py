from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from cookiecutter.generate import generate_files  # type: ignore[import-untyped]
from cookiecutter.main import cookiecutter  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from collections.abc import Callable

TEMPLATES = Path(__file__).parents[2] / "templates"


@pytest.fixture
def render(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that renders a template with plain cookiecutter and returns the project's folder."""
    config = tmp_path / "cookiecutter.yaml"
    folders = {"cookiecutters_dir": str(tmp_path / "cookiecutters"), "replay_dir": str(tmp_path / "replay")}
    config.write_text(json.dumps(folders), "utf-8")

    def run(template: str, **answers: str) -> Path:
        project = cookiecutter(
            str(TEMPLATES / template),
            no_input=True,
            extra_context=answers,
            output_dir=str(tmp_path / "out"),
            config_file=str(config),
        )
        return Path(project)

    return run


@pytest.fixture
def render_as_given(tmp_path: Path) -> Callable[..., Path]:
    """Return the same for answers that cookiecutter's own prompts would read as templates, such as `{{`."""

    def run(template: str, answers: dict[str, Any]) -> Path:
        folder = TEMPLATES / template
        project = generate_files(str(folder), {"cookiecutter": answers}, str(tmp_path / "exact"), accept_hooks=False)
        return Path(project)

    return run
