"""By what it can be told later, without asking a plugin, that a call would find nothing to do."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What the result of a call rests on, beside its settings and the code of its plugin.

    `looks` are files and folders, relative to the project or absolute, each as `lstat` saw it before it was read, or
    `None` where nothing was; `began` is the time before the first of them was looked at (ns since the epoch).
    `answers` are programs that end with exit code 0, each with what it prints. `variables` are names of environment
    variables that matter. None of this may hold a secret: it is kept in the project's state folder.
    """

    began: int
    looks: Mapping[str, os.stat_result | None] = field(default_factory=dict)
    answers: Mapping[tuple[str, ...], str] = field(default_factory=dict)
    variables: Sequence[str] = ()
