"""File actions: pieces of the desired state of files, as data."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from devkit.api.values import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """The whole content of a managed file.

    `path` is relative to the project, with `/` between its parts. `stage` may stay empty in a plugin that
    declares one stage only; so in every action.
    """

    path: str
    text: str
    executable: bool = False
    stage: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Render:
    """A managed file rendered from a Jinja template of the plugin's own package.

    `template` is `"package:path/in/package.j2"`; `values` are its variables. The engine renders in a sandbox,
    with undefined variables an error.
    """

    path: str
    template: str
    values: Mapping[str, Value] = field(default_factory=dict)
    executable: bool = False
    stage: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seed:
    """A file made once, then the user's: never updated, never restored. Bytes make a binary file."""

    path: str
    text: str | bytes
    executable: bool = False
    stage: str = ""


@dataclass(frozen=True, slots=True)
class SetList:
    """A list that is a set: the contribution adds members and removes only those it added."""


@dataclass(frozen=True, slots=True)
class KeyedList:
    """A list of mappings that are told apart by the value of one key, such as `id` or `name`."""

    key: str


ListRule = SetList | KeyedList


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """Keys that the stage contributes to a TOML, YAML, JSON or JSONC file; the format follows the name.

    `data` holds the keys and values. A list is one atomic value unless `lists` names it: the key is its
    dotted path (list positions left out: `repos.hooks`), the value the rule by which members are matched.
    """

    path: str
    data: Mapping[str, Value]
    lists: Mapping[str, ListRule] = field(default_factory=dict)
    stage: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A block of lines between two marker comments in a text file that is otherwise the user's.

    `name` tells blocks of one file apart; `comment` begins a comment line of that file's language; `top`
    puts a new block at the beginning instead of the end.
    """

    path: str
    name: str
    text: str
    comment: str = "#"
    top: bool = False
    stage: str = ""


FileAction = Write | Render | Seed | Merge | Block


class Verdict(StrEnum):
    """What a plan says of one file."""

    CREATE = "create"
    IDENTICAL = "identical"
    UPDATE = "update"
    MERGE = "merge"
    CONFLICT = "conflict"
    EJECTED = "ejected"
    DELETED = "deleted"
    REMOVE = "remove"
