"""Tools: the programs of the machine that a project needs, as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from devkit.errors import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """A program that is looked up on PATH.

    `version` holds the versions that do, as a specifier set of PEP 440 (`>=20,<23`), `place` where the project says
    so. `probe` are the arguments that make the program print its version. `install` is the command that installs it,
    or where to find out. A tool that `is_optional` is worth a note when it is missing; any other is an error.
    """

    name: str
    version: str = ""
    place: Place | None = None
    probe: tuple[str, ...] = ("--version",)
    install: str = ""
    is_optional: bool = False
