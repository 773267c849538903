"""By what it can be told later, without asking a plugin, that a call would find nothing to do."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from msgspec import Struct, field

from devkit.api.context import TaskContext


class Evidence(Struct, frozen=True, kw_only=True):
    """What the result of a call rests on, beside its settings and the code of its plugin.

    `paths` are files and folders, relative to the project or absolute, there or not. `answers` are programs that end
    with exit code 0, each with what it prints. `variables` are names of environment variables that matter. None of
    this may hold a secret: it is kept in the project's state folder. `holds` says whether the call would find nothing
    to do now and rests on the same paths; it is asked once, at the end of the run, when all of them have been marked.
    """

    holds: Callable[[TaskContext], bool]
    paths: Collection[str] = ()
    answers: Mapping[tuple[str, ...], str] = field(default_factory=dict)
    variables: Sequence[str] = ()
