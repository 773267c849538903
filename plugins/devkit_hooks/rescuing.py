"""What the commands below `devkit hooks rescue` do."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from devkit.api import (
    NO_REPOSITORY,
    RESCUE_FAILED,
    RESCUE_UNKNOWN,
    USAGE,
    DevkitError,
    Place,
    Result,
    did_you_mean,
)
from devkit_hooks.rescue import keeping, restoring
from devkit_hooks.rescue.git import Git, GitError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from devkit.api import CommandContext


def list_rescues(context: CommandContext) -> Result:
    """Answer `hooks rescue list`."""
    with _explained(_NOTHING_CHANGED):
        git = _git(context)
        found = [_row(git, name) for name in keeping.names(git)]
    lines = [
        f"{row['name']}  {'hooks were killed' if row['killed'] else 'kept'}, {row['count']} files" for row in found
    ]
    return Result(schema="devkit.hooks.rescue.list/1", data={"rescues": found}, lines=lines or ["nothing is kept"])


def apply(context: CommandContext, name: str) -> Result:
    """Answer `hooks rescue` and `hooks rescue apply`: without a name, the last run that was killed, else the last."""
    with _explained("the rescue is kept; files before the one that failed are back"):
        git = _git(context)
        name = name or _last(git)
        if not name:
            return Result(schema="devkit.hooks.rescue/1", data={"files": []}, lines=["nothing is kept"])
        _require(git, name)
        changed, before = restoring.put_back(git, keeping.find(git, name))
        keeping.unmark(git, name)
    files = [os.fsdecode(path).encode("utf-8", "replace").decode() for path in changed]
    lines = [f"brought back {file}" for file in files] or ["everything is as it was"]
    if before is not None:
        lines.append(f"what was there instead is kept: devkit hooks rescue apply {before.name}")
    data = {"name": name, "files": files, "before": before.name if before else None}
    return Result(schema="devkit.hooks.rescue/1", data=data, lines=lines)


def drop(context: CommandContext, names: Sequence[str], *, is_all: bool) -> Result:
    """Answer `hooks rescue drop`."""
    if bool(names) == is_all:
        raise DevkitError(USAGE, "give the names of rescues, or --all", help="devkit hooks rescue list")
    with _explained("rescues that were not reached are kept"):
        git = _git(context)
        chosen = keeping.own_names(git) if is_all else list(names)
        for name in chosen:
            _require(git, name)
        for name in chosen:
            keeping.drop(git, name)
    return Result(
        schema="devkit.hooks.rescue.drop/1", data={"dropped": chosen}, lines=[f"forgot {name}" for name in chosen]
    )


def _git(context: CommandContext) -> Git:
    if not hasattr(os, "posix_spawnp"):
        raise DevkitError(
            RESCUE_FAILED, "no rescue is made on this system", help="look into the patches of the runner"
        )
    environ = {name: value for name, value in context.environ.items() if name not in _ELSEWHERE}
    git = Git(str(context.root), environ)
    if not git.find():
        raise DevkitError(NO_REPOSITORY, f"`{context.root.name}` is in no work tree of git", help="git init")
    return git


def _row(git: Git, name: str) -> dict[str, object]:
    return {"name": name, "killed": keeping.was_killed(git, name), "count": len(keeping.find(git, name).work)}


def _last(git: Git) -> str:
    """Return the last rescue of a run that was killed, else of one that has ended: hooks that go on need theirs."""
    found = keeping.own_names(git)
    killed = [name for name in found if keeping.was_killed(git, name)]
    ended = [name for name in found if not keeping.is_marked(git, name)]
    return (killed or ended or [""])[-1]


def _require(git: Git, name: str) -> None:
    known = keeping.names(git)
    if name not in known:
        help_text = did_you_mean(name, known, "devkit hooks rescue list")
        raise DevkitError(RESCUE_UNKNOWN, f"no rescue is called `{name}`", help=help_text)


@contextmanager
def _explained(state: str) -> Iterator[None]:
    """Turn what git and the system refuse into an error, which leaves things in a state."""
    try:
        yield
    except GitError as problem:
        raise DevkitError(RESCUE_FAILED, str(problem), help="look at it with git status", state=state) from problem
    except OSError as problem:
        place = Place(path=os.fsdecode(problem.filename)) if problem.filename else None
        message = f"a file cannot be written: {problem.strerror}"
        raise DevkitError(
            RESCUE_FAILED, message, place=place, help="make it writable, and again", state=state
        ) from problem


_NOTHING_CHANGED = "nothing was changed"
_ELSEWHERE = (
    "GIT_DIR",
    "GIT_INDEX_FILE",
    "GIT_WORK_TREE",
    "GIT_COMMON_DIR",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_NAMESPACE",
)
"""What a hook's environment says of its own repository."""
