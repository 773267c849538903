"""Edits of structured documents, spliced into the user's own text so that every other byte stays."""

from __future__ import annotations

from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, assert_never

from devkit.plan.splice.document import spliced
from devkit.plan.splice.edits import AddItem, DropKey, Edit, SetKey
from devkit.plan.splice.layout import BOM, line_and_column, newline_of
from devkit.plan.splice.problems import SpliceProblem, SyntaxProblem

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from devkit.api.values import KeyPath, Value
    from devkit.plan.splice.document import Document

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


_ENDINGS = {
    ".toml": Format.TOML,
    ".yaml": Format.YAML,
    ".yml": Format.YAML,
    ".json": Format.JSON,
    ".jsonc": Format.JSONC,
}
_WITH_COMMENTS = (
    ".vscode/*.json",
    "*/.vscode/*.json",
    ".devcontainer/devcontainer.json",
    "*/.devcontainer/devcontainer.json",
)


def format_of(path: str) -> Format | None:
    """Return the format that a path's name stands for, or `None`.

    Some `.json` files are read with comments by the tools that own them: those of VS Code, development
    containers and the TypeScript compiler.
    """
    from fnmatch import fnmatchcase
    from os.path import splitext

    name = path.rpartition("/")[2]
    if fnmatchcase(name, "tsconfig*.json") or any(fnmatchcase(path, pattern) for pattern in _WITH_COMMENTS):
        return Format.JSONC
    return _ENDINGS.get(splitext(name)[1])


def parse(text: str, file_format: Format) -> Value:
    """Return the data of a document; a text without any is an empty mapping. Raises `SyntaxProblem`."""
    return _reader(file_format)(text.removeprefix(BOM), newline="\n").data


def splice(text: str, edits: Sequence[Edit], file_format: Format) -> str:
    """Return the text with the edits made in it, every other byte as it was.

    List positions in the paths refer to the text before the edits. The result is parsed again and compared
    with the intended data. Raises `SyntaxProblem` when the text does not parse and `SpliceProblem` when an
    edit has no safe place in it or would lose a comment.
    """
    if not edits:
        return text
    bare = text.removeprefix(BOM)
    return text[: len(text) - len(bare)] + spliced(
        bare, edits, partial(_reader(file_format), newline=newline_of(bare))
    )


def locate(text: str, path: KeyPath, file_format: Format) -> tuple[int, int] | None:
    """Return line and column (from 1) of a key or item, or `None` when the document has none there.

    Raises `SyntaxProblem`.
    """
    bare = text.removeprefix(BOM)
    position = _reader(file_format)(bare, newline="\n").find(path)
    return None if position is None else line_and_column(bare, position)


def _reader(file_format: Format) -> Callable[..., Document]:
    match file_format:
        case Format.TOML:
            from devkit.plan.splice.toml import TomlDocument

            return TomlDocument
        case Format.YAML:
            from devkit.plan.splice.yaml import YamlDocument

            return YamlDocument
        case Format.JSON | Format.JSONC:
            from devkit.plan.splice.jsonc import JsonDocument

            return partial(JsonDocument, is_strict=file_format is Format.JSON)
        case _:
            assert_never(file_format)
