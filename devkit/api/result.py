"""What a command answers: a document for programs and lines for people, from the same data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct, field

from devkit.errors import DevkitError


class Result(Struct, frozen=True, kw_only=True):
    """An answer; `schema` is `name/major`, and within a major the document only grows.

    `error` is a failure that still has an answer to show, such as a plan with conflicts; `further` are those that
    came after it.
    """

    schema: str
    data: Mapping[str, Any] = field(default_factory=dict)
    lines: Sequence[str] = ()
    error: DevkitError | None = None
    further: Sequence[DevkitError] = ()

    @property
    def exit(self) -> int:
        """The exit code of the process."""
        return self.error.exit if self.error else 0
