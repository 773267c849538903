from __future__ import annotations

import pytest

from devkit.api import mirrored_image

MIRRORS = {"docker.io": "registry.example/hub/", "ghcr.io": "localhost:5000/github"}


@pytest.mark.parametrize(
    ("image", "there"),
    [
        ("python:3.13-slim", "registry.example/hub/library/python:3.13-slim"),
        ("axllent/mailpit", "registry.example/hub/axllent/mailpit"),
        ("docker.io/library/redis@sha256:ab", "registry.example/hub/library/redis@sha256:ab"),
        ("ghcr.io/astral-sh/uv:0.9", "localhost:5000/github/astral-sh/uv:0.9"),
        ("quay.io/minio/minio", "quay.io/minio/minio"),
        ("localhost/shop", "localhost/shop"),
        ("localhost:5000/shop", "localhost:5000/shop"),
    ],
)
def test_an_image_is_taken_from_the_mirror_of_its_registry(image: str, there: str) -> None:
    assert mirrored_image(image, MIRRORS) == there


def test_without_a_mirror_the_name_stays() -> None:
    assert mirrored_image("python:3.13", {}) == "python:3.13"
