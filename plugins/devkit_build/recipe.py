"""A build with everything decided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from devkit_build.request import Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What is asked for, under which names and labels, and the time (seconds) that the image is dated with."""

    request: Request
    references: tuple[str, ...]
    labels: Mapping[str, str]
    epoch: int | None
