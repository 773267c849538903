from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.real.engines import docker, lend_images

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.real, pytest.mark.usefixtures("engine")]


def test_an_image_built_on_a_lent_base_is_pushed_and_pulled(tmp_path: Path, registry: str) -> None:
    text = 'FROM python:3.13-slim\nCMD ["python", "--version"]\n'
    (tmp_path / "Dockerfile").write_text(text, "utf-8")
    name = f"{registry}/devkit-test/engines:1"
    lend_images(text)

    docker("buildx", "build", "--load", "--tag", name, tmp_path)
    docker("push", name)
    docker("image", "rm", name)
    docker("pull", name)

    assert docker("run", "--rm", name).startswith("Python 3")
    docker("image", "rm", name)
