"""The hook `devkit-commit-message`: a message follows Conventional Commits 1.0.0, as changelogs are made from it."""

import os

from .entrance import chosen, ended, enter
from .git import asked
from .options import Words
from .problems import Refusal
from .report import Finding, quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

TYPES = ("build", "chore", "ci", "docs", "feat", "fix", "perf", "refactor", "revert", "style", "test")
CHECKS = ("form", "type", "scope", "length", "blank-line")
_OPTIONS = {
    "--types": True,
    "--scopes": True,
    "--require-scope": False,
    "--max-length": True,
    "--check": True,
    "--skip": True,
    "--fix": False,
}
_HELP = f"""\
Usage: devkit-commit-message [OPTIONS] FILE

Check the message of a commit: `type(scope)!: description`, then a blank line, then the rest.
Merges, reverts by git, and commits to be squashed (fixup!, squash!, amend!) pass.

  --types TYPE[,TYPE]    the types that there are
                         ({",".join(TYPES)})
  --scopes NAME[,NAME]   the scopes that there are (any)
  --require-scope        every message has a scope
  --max-length N         the longest first line (100)
  --check ID[,ID]        only these checks
  --skip ID[,ID]         all but these checks
  --fix                  write the type in small letters, one blank after the colon, no full stop, a blank line below
  --json                 print the findings as one document

Checks: {", ".join(CHECKS)}.
"""
_MAX_LENGTH = 100
_SCISSORS = " ------------------------ >8 ------------------------"
_PASSING = ("fixup! ", "squash! ", "amend! ", 'Revert "', 'Reapply "')
_MERGES = ("branch ", "branches ", "commit ", "commits ", "pull request ", "remote-tracking ", "tag ", "tags ")
_AUTO = "#;@!$%^&|:"


def main(argv: "Sequence[str]") -> int:
    """Check a message; return the exit code."""
    return enter("devkit-commit-message", argv, _OPTIONS, _HELP, _run)


def _run(words: Words) -> int:
    if len(words.names) != 1:
        raise Refusal("give the FILE with the message, as git does")
    path, checks = words.names[0], chosen(words, CHECKS)
    raw = _read(path)
    kept = _kept(raw)
    if words.has("--fix") and kept and not _passes(kept[0][1]):
        raw = _mended(path, raw, kept, _types(words))
        kept = _kept(raw)
    return ended([each for each in _find(os.fsencode(path), kept, words) if each.check in checks], words)


def _read(path: str) -> str:
    try:
        with open(path, "rb") as file:
            return file.read().decode("utf-8", "surrogateescape")
    except OSError as error:
        raise Refusal(f"{path!r} can't be read: {error.strerror}") from None


def _kept(raw: str) -> list[tuple[int, str]]:
    """Return the lines that git keeps, with their numbers: no comments, nothing below the scissors, no edges."""
    mark = _comment_mark(raw)
    is_edited = os.environ.get("GIT_EDITOR") != ":"  # without an editor, git takes no comment away
    kept: list[tuple[int, str]] = []
    for number, line in enumerate(raw.split("\n"), 1):
        if line.startswith(mark + _SCISSORS):
            break
        is_comment = line.startswith(mark) and (is_edited or line[len(mark) :][:1] in {"", " ", "\t"})
        if not is_comment and (kept or line.strip()):
            kept.append((number, line.rstrip()))
    return kept


def _comment_mark(raw: str) -> str:
    """Return what begins a comment: `core.commentString`, `core.commentChar`, or `#`."""
    _, answer = asked("config", "--get-regexp", r"^core\.comment(char|string)$")
    said = answer.decode("utf-8", "replace").splitlines()
    mark = said[-1].partition(" ")[2] if said else "#"
    if mark != "auto":
        return mark or "#"
    last = next((line for line in reversed(raw.split("\n")) if line), "")
    return last[0] if last and last[0] in _AUTO else "#"


def _passes(subject: str) -> bool:
    is_merge = subject.startswith("Merge ") and subject.removeprefix("Merge ").startswith(_MERGES)
    return is_merge or subject.startswith(_PASSING)


def _find(path: bytes, kept: list[tuple[int, str]], words: Words) -> "Iterator[Finding]":
    if not kept or _passes(kept[0][1]):
        return  # git itself refuses an empty message
    again = f"git commit --edit --file={quoted(path)}"
    line, subject = kept[0]
    for check, what, advice in _subject(subject, words):
        yield Finding(check, path, line, what, f"{advice}; then: {again}")
    if len(kept) > 1 and kept[1][1]:
        yield Finding("blank-line", path, kept[1][0], "no blank line below the first one", f"put one; then: {again}")


def _subject(subject: str, words: Words) -> "Iterator[tuple[str, str, str]]":
    kind, scope, description = _parts(subject)
    types = _types(words)
    if not description:
        what = f"{subject[:60]!r} is no `type(scope): description`"
        yield "form", what, f"begin with {_guess(subject, types)}"
        return
    if kind not in types:
        yield "type", f"there is no type {kind!r}; there are {', '.join(types)}", f"write {_near(kind, types)}"
    scopes = words.all("--scopes")
    if scope and scopes and scope not in scopes:
        yield "scope", f"there is no scope {scope!r}; there are {', '.join(scopes)}", f"write {_near(scope, scopes)}"
    if not scope and words.has("--require-scope"):
        yield "scope", "the scope is missing", f"write {kind}(SCOPE): {description}"
    most = words.number("--max-length", _MAX_LENGTH)
    if len(subject) > most:
        yield "length", f"the first line has {len(subject)} signs, and {most} are allowed", "say it shorter"


def _types(words: Words) -> list[str]:
    return words.all("--types") or list(TYPES)


def _parts(subject: str) -> tuple[str, str, str]:
    """Return type, scope and description; no description for what has not that form."""
    head, colon, description = subject.partition(": ")
    kind, has_scope, scope = head.removesuffix("!").partition("(")
    is_closed = scope.endswith(")") and len(scope) > 1 and not set(scope[:-1]) & set("()") if has_scope else True
    is_word = kind.replace("-", "").replace("_", "").isalnum()
    if not (colon and is_word and is_closed and description.strip() and not description.startswith(" ")):
        return "", "", ""
    return kind, scope.removesuffix(")"), description


_VERBS = {
    "add": "feat",
    "allow": "feat",
    "implement": "feat",
    "introduce": "feat",
    "support": "feat",
    "correct": "fix",
    "fix": "fix",
    "fixed": "fix",
    "fixes": "fix",
    "document": "docs",
    "test": "test",
    "refactor": "refactor",
    "rename": "refactor",
    "bump": "build",
    "upgrade": "build",
}


def _guess(subject: str, types: list[str]) -> str:
    first = subject.partition(" ")[0].strip(":").lower()
    found = _VERBS.get(first, "")
    return f"`{found}: `" if found in types else f"one of {', '.join(types)}, and a colon and a blank"


def _near(word: str, known: list[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(word.lower(), known, 1, 0.5)
    return near[0] if near else "one of them"


def _mended(path: str, raw: str, kept: list[tuple[int, str]], types: list[str]) -> str:
    """Rewrite the message where its meaning is beyond doubt; return what it is now."""
    lines = raw.split("\n")
    number, subject = kept[0]
    end = "\r" if lines[number - 1].endswith("\r") else ""
    lines[number - 1] = _better(subject, types) + end
    if len(kept) > 1 and kept[1][1]:
        lines.insert(number, end)
    changed = "\n".join(lines)
    if changed != raw:
        with open(path, "wb") as file:
            file.write(changed.encode("utf-8", "surrogateescape"))
    return changed


def _better(subject: str, types: list[str]) -> str:
    head, colon, description = subject.partition(":")
    kind, paren, scope = head.partition("(")
    word = kind.strip().removesuffix("!")
    if not colon or word.lower() not in types or not description.strip():
        return subject
    text = description.strip()
    is_full_stop = text.endswith(".") and not text.endswith("..")
    return f"{kind.strip().lower()}{paren}{scope.strip()}: {text[:-1] if is_full_stop else text}"
