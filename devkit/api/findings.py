"""Findings: the answers of checks."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from devkit.api.actions import FileAction
from devkit.errors import Place


class Severity(StrEnum):
    """How much a finding matters."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class Finding(Struct, frozen=True, kw_only=True):
    """An answer of a check: what, where, and the command or the file actions that mend it."""

    code: str
    message: str
    severity: Severity = Severity.WARNING
    place: Place | None = None
    help: str = ""
    fix: tuple[FileAction, ...] = ()
