"""Names of images: where a base image comes from, and what the project's own image is called."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from devkit.api import mirrored_image

if TYPE_CHECKING:
    from collections.abc import Mapping

    from devkit_build.settings import BuildSettings

PYTHON = "python:{}-slim-trixie"
NODE = "node:{}-trixie-slim"
UV = "ghcr.io/astral-sh/uv:0.13.9"
NGINX = "nginxinc/nginx-unprivileged:1.30-alpine"


def base_image(name: str, images: Mapping[str, str], mirrors: Mapping[str, str]) -> str:
    """Return what to write after `FROM` for an image: what the settings have instead of it, from a mirror if any."""
    return mirrored_image(images.get(name, name), mirrors)


def image_name(project: str, settings: BuildSettings) -> str:
    """Return the name of the project's image without a tag, with its registry if it has one."""
    name = settings.repository or _component(project)
    return f"{settings.registry.rstrip('/')}/{name}" if settings.registry else name


def _component(project: str) -> str:
    """Return a project's name as a path component of an image name may be."""
    return re.sub(r"[^a-z0-9]+", "-", project.lower()).strip("-") or "app"
