"""Mirrors of registries: what an image is called where a company keeps its copy."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_HUB = "docker.io"
"""The registry of a name without one, in which a name without a `/` is below `library`."""


def mirrored_image(image: str, mirrors: Mapping[str, str]) -> str:
    """Return the name of an image at the mirror of its registry; the image itself where that has no mirror.

    With `{"docker.io": "registry.example/hub"}`, `python:3.13` is `registry.example/hub/library/python:3.13`. Names
    are read as the distribution project's reference grammar has it.
    """
    registry, _, path = image.partition("/")
    if not path or not (set(".:") & set(registry) or registry == "localhost"):
        registry, path = _HUB, image if path else f"library/{image}"
    mirror = mirrors.get(registry)
    return image if mirror is None else f"{mirror.rstrip('/')}/{path}"
