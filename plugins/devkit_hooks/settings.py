"""The table `[tool.devkit.hooks]`."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Source(StrEnum):
    """Where the checks of white space, syntax and names come from."""

    LOCAL = "local"
    REPOSITORY = "repository"


@dataclass(frozen=True, slots=True, kw_only=True)
class HooksSettings:
    """What is checked before a commit, and where the checks come from."""

    source: Source = field(
        default=Source.LOCAL,
        metadata={
            "help": "Where the hygiene checks come from: `local`, the project's own locked environment, or "
            "`repository`, devkit's hooks out of a git repository or a mirror of it."
        },
    )
    repository: str = field(
        default="", metadata={"help": 'The URL of that repository; needed with `source = "repository"`.'}
    )
    rev: str = field(default="", metadata={"help": "The tag or commit of it that is used."})
    ids: tuple[str, ...] = field(
        default=("devkit-hygiene",), metadata={"help": "The hooks that are taken from the repository."}
    )
    hygiene: bool = field(
        default=True, metadata={"help": "Whether white space, syntax, names and secrets are checked at all."}
    )
