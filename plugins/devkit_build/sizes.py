"""What each layer of an image costs, and whether the image fits its budget."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from devkit.api import IMAGE_TOO_LARGE, DevkitError
from devkit_build.steps import shortened

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

KILOBYTE = 1_000
MEGABYTE = 1_000_000
_NAMED = 3
_SHELL = re.compile(r"^(?:\|\d+ (?:\S+=\S* )*)?/bin/sh -c (?:#\(nop\)\s*)?")
_BUILDKIT = re.compile(r"\s*# buildkit$")


class Layer(Struct, frozen=True, kw_only=True):
    """One instruction of an image with what it added, in bytes."""

    instruction: str
    size: int


def layers_of(history: Iterable[Mapping[str, Any]]) -> list[Layer]:
    """Return the layers of an image from its history, which names the latest first; the base image comes first."""
    return [
        Layer(instruction=_instruction(str(entry.get("CreatedBy") or "")), size=int(entry.get("Size") or 0))
        for entry in reversed(list(history))
    ]


def check_budget(reference: str, size: int, layers: Sequence[Layer], budget: int) -> None:
    """Raise IMAGE_TOO_LARGE when an image is over its budget (megabytes, 0 for any), naming what costs most."""
    if not budget or size <= budget * MEGABYTE:
        return
    largest = sorted(layers, key=lambda layer: -layer.size)[:_NAMED]
    named = "; ".join(f"{readable(layer.size)} {shortened(layer.instruction, 60)}" for layer in largest if layer.size)
    message = f"`{reference}` has {readable(size)}, and `size-budget` allows {budget} MB"
    raise DevkitError(IMAGE_TOO_LARGE, message, help=f"the largest layers: {named}", state="the image is built")


def readable(size: int) -> str:
    """Return a size for people."""
    if size < MEGABYTE / 10:
        return f"{size / KILOBYTE:.1f} kB"
    return f"{size / MEGABYTE:.1f} MB"


def _instruction(created_by: str) -> str:
    """Return the line of the Dockerfile that a layer was made by, as its history has it."""
    text = _BUILDKIT.sub("", created_by)
    is_shell = bool(_SHELL.match(text)) and "#(nop)" not in text
    text = _SHELL.sub("", text)
    return " ".join((f"RUN {text}" if is_shell else text or "the base image").split())
