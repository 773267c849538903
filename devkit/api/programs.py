"""Programs that run side by side until they are told to end, such as an application and what it stands on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct, field

if TYPE_CHECKING:
    from collections.abc import Callable


class Program(Struct, frozen=True, kw_only=True):
    """A program that is not expected to end; `name` stands before each line that it prints.

    `argv[0]` is a name that is looked up on PATH, or a path in the project; `env` adds variables; `cwd` is relative
    to the project. The end of one that `is_minor`, such as what follows a log, is nobody's concern.
    """

    name: str
    argv: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict)
    cwd: str = "."
    is_minor: bool = False


class Ended(Struct, frozen=True, kw_only=True):
    """A program that has ended: its exit code (128 + n for signal n), and the last lines that it printed."""

    name: str
    code: int
    lines: tuple[str, ...]


class Programs(Protocol):
    """Programs that are running; with the end of the `with` block they end, and so does all that they started."""

    def start(self, program: Program) -> None:
        """Start a program; TOOL_MISSING when it cannot be started."""
        ...

    def watch(self, until: Callable[[], bool] | None = None, *, seconds: float | None = None) -> Ended | None:
        """Pass on what the programs print until one has ended, and return it; the end of each is told once.

        Return `None` when `until`, asked every now and then, says so, or when the time is over.
        """
        ...
