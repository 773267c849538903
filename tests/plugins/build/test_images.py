from __future__ import annotations

import pytest
from devkit_build.images import base_image, image_name
from devkit_build.settings import BuildSettings

MIRRORS = {"docker.io": "mirror.example/hub/", "ghcr.io": "mirror.example:5000/ghcr"}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("python:3.13-slim", "mirror.example/hub/library/python:3.13-slim"),
        ("nginxinc/nginx:1", "mirror.example/hub/nginxinc/nginx:1"),
        ("docker.io/library/node:22", "mirror.example/hub/library/node:22"),
        ("ghcr.io/astral-sh/uv:1", "mirror.example:5000/ghcr/astral-sh/uv:1"),
        ("quay.io/acme/base:1", "quay.io/acme/base:1"),
        ("localhost:5000/base:1", "localhost:5000/base:1"),
    ],
)
def test_a_mirror_stands_for_its_registry(name: str, expected: str) -> None:
    assert base_image(name, {}, MIRRORS) == expected


def test_the_settings_may_name_another_image_or_a_digest() -> None:
    pinned = "python:3.13-slim@sha256:" + "0" * 64

    assert base_image("python:3.13-slim", {"python:3.13-slim": pinned}, {}) == pinned


@pytest.mark.parametrize(
    ("project", "settings", "expected"),
    [
        ("shop", BuildSettings(), "shop"),
        ("@acme/Web.Shop", BuildSettings(), "acme-web-shop"),
        ("shop", BuildSettings(registry="ghcr.io", repository="acme/shop"), "ghcr.io/acme/shop"),
        ("__", BuildSettings(), "app"),
    ],
)
def test_the_image_is_called_after_the_project_unless_the_settings_say_otherwise(
    project: str, settings: BuildSettings, expected: str
) -> None:
    assert image_name(project, settings) == expected
