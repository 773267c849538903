"""Where a value of the configuration comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from devkit.errors import Place

OriginKind = Literal["default", "fact", "user", "project", "local", "variable", "flag"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What set a value: its kind, and the name of the file, variable or flag; `place` only for files."""

    kind: OriginKind
    name: str = ""
    place: Place | None = None

    def __str__(self) -> str:
        return str(self.place or self.name or self.kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One value in force: its dotted key (`test.minimum-coverage`), the value and what set it."""

    key: str
    value: object
    origin: Origin
