"""What git says of the code that an image is made of."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from devkit.api import TaskContext

_FORMAT = "%H%n%ct%n%D"
_STATUS = ("status", "--porcelain", "--untracked-files=normal", "--ignore-submodules=none")
_ADDRESS = re.compile(
    r"(?:https?|ssh|git)://(?:[^/]*@)?(?P<host>[\w.-]+|\[[\da-fA-F:.]+\])(?P<port>:\d+)?"
    r"/(?P<path>(?:[^@?#]|(?<=/)@)+?)(?:\.git)?/?"
)
_NO_HOOKS = ("-c", "core.fsmonitor=", "--no-optional-locks")
DESCRIBE = ("git", *_NO_HOOKS, "log", "-1", "--no-show-signature", "--decorate=full", f"--format={_FORMAT}")
"""The question at which commit the project is, and what names point to it."""


class Revision(Struct, frozen=True, kw_only=True):
    """A commit, empty where there is none: its branch, the git tags on it, its time, and whether files differ.

    `described` is what git said of it when `DESCRIBE` was asked.
    """

    commit: str = ""
    branch: str = ""
    tags: tuple[str, ...] = ()
    time: int = 0
    is_dirty: bool = True
    described: str = ""


def read_revision(context: TaskContext, folder: str = ".") -> Revision:
    """Return the revision of the project; an empty one outside a repository or before the first commit.

    `folder` is what an image is built from, which may be around the project or beside it.
    """
    code, described, _ = context.capture(DESCRIBE)
    if code != 0:
        return Revision()
    code, status, _ = context.capture(["git", *_NO_HOOKS, "--literal-pathspecs", *_STATUS, "--", ".", folder])
    return revision_from(described, is_dirty=code != 0 or bool(status.strip()))


def read_source(context: TaskContext) -> str:
    """Return the address that the project was cloned from, without user and password; empty when there is none."""
    _, address, _ = context.capture(["git", *_NO_HOOKS, "config", "--get", "remote.origin.url"])
    return public_address(address.strip())


def revision_from(described: str, *, is_dirty: bool) -> Revision:
    """Return the revision that `git log` described: a commit, its time (seconds), and the names that point to it."""
    commit, time, names, *_ = [*described.splitlines(), "", "", ""]
    parts = names.split(", ")
    branch = next((part.partition("refs/heads/")[2] for part in parts if part.startswith("HEAD -> ")), "")
    tags = [part.removeprefix("tag: refs/tags/") for part in parts if part.startswith("tag: refs/tags/")]
    return Revision(
        commit=commit,
        branch=branch,
        tags=tuple(sorted(tags)),
        time=int(time or 0),
        is_dirty=is_dirty,
        described=described,
    )


def public_address(address: str) -> str:
    """Return the address of a repository as anybody may read it: https, and without credentials.

    What may hold a password after all, such as one with a slash or a token in a query, has no public address.
    """
    short = re.fullmatch(r"(?:[^/]*@)?([^@/:]+):(?!//)(.+)", address)
    if short and "://" not in address:
        address = f"https://{short[1]}/{short[2]}"
    match = _ADDRESS.fullmatch(address)
    if not match:
        return ""
    port = match["port"] or "" if address.startswith("http") else ""
    return f"https://{match['host']}{port}/{match['path']}"
