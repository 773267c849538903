"""The lines that changed since a base, read from what git says of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from devkit.api import UNKNOWN_BASE, DevkitError

if TYPE_CHECKING:
    from devkit.api import TaskContext

_HUNK = re.compile(r"^@@ -\S+ \+(\d+)(?:,(\d+))? @@", re.MULTILINE)
_DIFF = (
    *("--no-ext-diff", "--no-textconv", "--no-color", "--relative"),
    *("--unified=0", "--inter-hunk-context=0", "--src-prefix=a/", "--dst-prefix=b/"),
)


def changed_lines(context: TaskContext, base: str) -> dict[str, frozenset[int]]:
    """Return the lines, by file, that differ from where the work left `base`; UNKNOWN_BASE without such a commit.

    Files that git does not track yet count as changed from their first line to their last.
    """
    start = _start(context, base)
    _, text, _ = git(context, "diff", *_DIFF, start, "--")
    found = {
        path: lines for path, lines in map(_file, re.split(r"^diff --git ", text, flags=re.MULTILINE)[1:]) if path
    }
    for name in untracked(context):
        found[name] = frozenset(range(1, _count(context, name) + 1))
    return found


def untracked(context: TaskContext) -> list[str]:
    """Return the files that git neither tracks nor ignores."""
    _, names, _ = git(context, "ls-files", "--others", "--exclude-standard", "-z")
    return list(filter(None, names.split("\0")))


def _start(context: TaskContext, base: str) -> str:
    code, commit, _ = git(context, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{base}^{{commit}}")
    if base.startswith("-") or code != 0:
        raise DevkitError(
            UNKNOWN_BASE, f"git knows no commit `{base}`", help="git fetch, or name another: --base main"
        )
    code, merge_base, _ = git(context, "merge-base", "HEAD", commit.strip())
    return merge_base.strip() if code == 0 else commit.strip()


def _file(part: str) -> tuple[str, frozenset[int]]:
    head, _, _ = part.partition("\n@@")
    named = re.search(r"^\+\+\+ b/(.*?)\t?$", head, re.MULTILINE)
    lines: set[int] = set()
    for match in _HUNK.finditer(part):
        first, count = int(match[1]), int(match[2] or 1)
        lines.update(range(first, first + count))
    return (named[1] if named else ""), frozenset(lines)


def _count(context: TaskContext, name: str) -> int:
    try:
        with open(context.root / name, "rb") as file:
            return sum(1 for _ in file)
    except OSError:
        return 0


def git(context: TaskContext, *words: str) -> tuple[int, str, str]:
    """Ask git in the project: its exit code, what it says, and its errors; where git is not, it knows nothing."""
    if context.which("git") is None:
        return 1, "", ""
    return context.capture(["git", "-c", "core.quotePath=false", "-c", "core.fsmonitor=", *words])
