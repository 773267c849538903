"""The JSON Schema of `[tool.devkit]`, derived from the declared settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from devkit.api.stages import Settings


def json_schema(declared: Sequence[Settings]) -> dict[str, Any]:
    """Return the schema (draft 2020-12) of the whole table `[tool.devkit]`."""
    raise NotImplementedError
