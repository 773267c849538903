"""File actions: pieces of the desired state of files, as data."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct, field

from devkit.api.values import Value


class Write(Struct, frozen=True, kw_only=True):
    """The whole content of a managed file.

    `path` is relative to the project, with `/` between its parts. `stage` may stay empty in a plugin that
    declares one stage only; so in every action.
    """

    path: str
    text: str
    executable: bool = False
    stage: str = ""


class Render(Struct, frozen=True, kw_only=True):
    """A managed file rendered from a Jinja template of the plugin's own package.

    `template` is `"package:path/in/package.j2"`; `values` are its variables. The engine renders in a sandbox,
    with undefined variables an error.
    """

    path: str
    template: str
    values: Mapping[str, Value] = field(default_factory=dict)
    executable: bool = False
    stage: str = ""


class Seed(Struct, frozen=True, kw_only=True):
    """A file made once, then the user's: never updated, never restored. Bytes make a binary file."""

    path: str
    text: str | bytes
    executable: bool = False
    stage: str = ""


class SetList(Struct, frozen=True):
    """A list that is a set: the contribution adds members and removes only those it added."""


class KeyedList(Struct, frozen=True):
    """A list of mappings that are told apart by the value of one key, such as `id` or `name`."""

    key: str


ListRule = SetList | KeyedList


class Merge(Struct, frozen=True, kw_only=True):
    """Keys that the stage contributes to a TOML, YAML, JSON or JSONC file; the format follows the name.

    `data` holds the keys and values. A list is one atomic value unless `lists` names it: the key is its
    dotted path (list positions left out: `repos.hooks`), the value the rule by which members are matched.
    """

    path: str
    data: Mapping[str, Value]
    lists: Mapping[str, ListRule] = field(default_factory=dict)
    stage: str = ""


class Block(Struct, frozen=True, kw_only=True):
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
