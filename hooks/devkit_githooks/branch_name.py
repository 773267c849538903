"""The hook `devkit-branch-name`: a branch is called as agreed, and nobody commits to a protected one."""

import os

from .entrance import chosen, ended, enter
from .git import asked
from .options import Words
from .problems import Refusal
from .report import Finding

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

CHECKS = ("name", "protected")
_LASTING = frozenset(("main", "master", "trunk", "develop", "dev", "staging", "production", "gh-pages"))
_TYPES = (
    "build",
    "bugfix",
    "chore",
    "ci",
    "docs",
    "feat",
    "feature",
    "fix",
    "hotfix",
    "perf",
    "refactor",
    "release",
    "revert",
    "style",
    "support",
    "test",
)
_MACHINES = ("dependabot/", "renovate/", "pre-commit-ci-update-config", "snyk-", "gh-readonly-queue/", "revert-")
_OPTIONS = {"--pattern": True, "--protected": True, "--check": True, "--skip": True}
_HELP = f"""\
Usage: devkit-branch-name [OPTIONS]

Check the branch that a commit goes to, or that is pushed: TYPE/what-it-is-about, or one that lasts.
A detached HEAD, as in a rebase, passes.

  --pattern REGEX            what the whole name has to match, instead of the rule above
  --protected NAME[,NAME]    nobody commits or pushes to these; * matches anything
  --check ID[,ID]            only these checks
  --skip ID[,ID]             all but these checks
  --json                     print the findings as one document

Types: {", ".join(_TYPES)}.
Checks: {", ".join(CHECKS)}.
"""


def main(argv: "Sequence[str]") -> int:
    """Check the name of the branch; return the exit code."""
    return enter("devkit-branch-name", argv, _OPTIONS, _HELP, _run)


def _run(words: Words) -> int:
    if words.names:
        raise Refusal(f"{words.names[0]!r} is not expected; the branch is asked of git")
    checks = chosen(words, CHECKS)
    pushed = os.environ.get("PRE_COMMIT_REMOTE_BRANCH", "")
    branch = pushed.removeprefix("refs/heads/") if pushed.startswith("refs/heads/") else _current()
    found = _find(branch, words, is_push=bool(pushed)) if branch and not pushed.startswith("refs/tags/") else ()
    return ended([each for each in found if each.check in checks], words)


def _current() -> str:
    code, said = asked("symbolic-ref", "--short", "-q", "HEAD")
    return os.fsdecode(said).strip() if code == 0 else ""


def _find(branch: str, words: Words, *, is_push: bool) -> "Iterator[Finding]":
    if _is_protected(branch, words.all("--protected")) and (is_push or _is_commit()):
        way = "git switch -c fix/WHAT-IT-IS-ABOUT"
        yield Finding("protected", b"HEAD", 1, f"nobody commits to the branch {branch!r}", way)
    pattern = words.last("--pattern")
    if not (_matches(branch, pattern) if pattern else _is_usual(branch)):
        rule = f"does not match {pattern}" if pattern else "is no TYPE/what-it-is-about"
        way = f"git branch -m {'NAME' if pattern else _better(branch)}"
        yield Finding("name", b"HEAD", 1, f"the branch {branch!r} {rule}", way)


def _is_protected(branch: str, patterns: list[str]) -> bool:
    if not patterns:
        return False
    from fnmatch import fnmatchcase

    return any(fnmatchcase(branch, pattern) for pattern in patterns)


def _is_commit() -> bool:
    """Return whether somebody commits: something is staged, and it is not the very first commit."""
    code, _ = asked("rev-parse", "-q", "--verify", "HEAD")
    return code == 0 and asked("diff", "--cached", "--quiet")[0] == 1


def _matches(branch: str, pattern: str) -> bool:
    import re

    try:
        return re.fullmatch(pattern, branch) is not None
    except re.error as error:
        raise Refusal(f"--pattern is no regular expression: {error}") from None


def _is_usual(branch: str) -> bool:
    if branch in _LASTING or branch.startswith(_MACHINES):
        return True
    kind, slash, rest = branch.partition("/")
    return bool(slash and rest) and kind in _TYPES and all(sign.isalnum() or sign in "._-/#+" for sign in rest)


def _better(branch: str) -> str:
    """Return a name like this one that would do."""
    kind, slash, rest = branch.partition("/")
    words = rest if slash else branch
    slug = "".join(sign.lower() if sign.isalnum() or sign in "._/#+" else "-" for sign in words).strip("-./")
    return f"{_kind(kind.lower()) if slash else 'feat'}/{slug or 'WHAT-IT-IS-ABOUT'}"


def _kind(word: str) -> str:
    if word in _TYPES:
        return word
    from difflib import get_close_matches

    return next(iter(get_close_matches(word, _TYPES, 1)), "feat")
