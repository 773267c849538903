"""A build with everything decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Mapping

    from devkit_build.request import Request


class Recipe(Struct, frozen=True, kw_only=True):
    """What is asked for, under which names and labels, and the time (seconds) that the image is dated with."""

    request: Request
    references: tuple[str, ...]
    labels: Mapping[str, str]
    epoch: int | None
