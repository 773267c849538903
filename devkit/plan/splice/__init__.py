"""Edits of structured documents, spliced into the user's own text so that every other byte stays."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from devkit.plan.splice.edits import AddItem, DropKey, Edit, SetKey
from devkit.plan.splice.problems import SpliceProblem, SyntaxProblem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from devkit.api.values import KeyPath, Value

__all__ = [
    "AddItem",
    "DropKey",
    "Edit",
    "Format",
    "SetKey",
    "SpliceProblem",
    "SyntaxProblem",
    "format_of",
    "locate",
    "parse",
    "splice",
]


class Format(StrEnum):
    """The formats whose keys can be merged."""

    TOML = "toml"
    YAML = "yaml"
    JSON = "json"
    JSONC = "jsonc"


def format_of(path: str) -> Format | None:
    """Return the format that a path's name stands for, or `None`."""
    raise NotImplementedError


def parse(text: str, file_format: Format) -> Value:
    """Return the data of a document; a text without any is an empty mapping. Raises `SyntaxProblem`."""
    raise NotImplementedError


def splice(text: str, edits: Sequence[Edit], file_format: Format) -> str:
    """Return the text with the edits made in it, every other byte as it was.

    List positions in the paths refer to the text before the edits. The result is parsed again and compared
    with the intended data. Raises `SyntaxProblem` when the text does not parse and `SpliceProblem` when an
    edit has no safe place in it or would lose a comment.
    """
    raise NotImplementedError


def locate(text: str, path: KeyPath, file_format: Format) -> tuple[int, int] | None:
    """Return line and column (from 1) of a key or item, or `None` when the document has none there."""
    raise NotImplementedError
