"""Where a value of the configuration comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from msgspec import Struct

if TYPE_CHECKING:
    from devkit.errors import Place

OriginKind = Literal["default", "fact", "user", "project", "local", "variable", "flag"]


class Origin(Struct, frozen=True, kw_only=True):
    """What set a value: its kind, and the name of the file, variable or flag; `place` only for files."""

    kind: OriginKind
    name: str = ""
    place: Place | None = None

    def __str__(self) -> str:
        return str(self.place or self.name or self.kind)


class Entry(Struct, frozen=True, kw_only=True):
    """One value in force: its dotted key (`test.minimum-coverage`), the value and what set it."""

    key: str
    value: object
    origin: Origin
