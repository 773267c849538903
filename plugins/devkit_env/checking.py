"""Looking at a `.env` file: what is missing, unknown, badly typed or open to others."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

from devkit.api import DOTENV_WRONG, Finding, Place, Severity
from devkit_env.dotenv_file import option
from devkit_env.variables import misfit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from devkit.api import TaskContext, Variable
    from devkit_env.dotenv_text import Entry

_PLACEHOLDERS = {"changeme", "change-me", "change_me", "secret", "password", "todo", "xxx", "example", "replace-me"}
_OTHERS = 0o077


def check(
    context: TaskContext, name: str, entries: Sequence[Entry], declared: Mapping[str, Variable]
) -> Iterator[Finding]:
    """Yield what is wrong with a file and its values; no value of it is ever named."""
    values = {entry.key: entry for entry in entries}
    for variable in declared.values():
        if variable.is_required and not (variable.name in values and values[variable.name].value):
            line = values[variable.name].line if variable.name in values else None
            help_text = f"devkit env set {variable.name} {'--stdin' if variable.is_secret else 'VALUE'}{option(name)}"
            yield _error(name, line, f"`{variable.name}` is required and not set", help_text)
    for entry in entries:
        yield from _entry(name, entry, declared)
    yield from _openness(context, name)


def _entry(name: str, entry: Entry, declared: Mapping[str, Variable]) -> Iterator[Finding]:
    variable = declared.get(entry.key)
    if variable is None:
        help_text = (
            f"declare it in `[tool.devkit.env.variables.{entry.key}]`, or: devkit env unset {entry.key}{option(name)}"
        )
        yield _warning(name, entry.line, f"nothing declares `{entry.key}`", help_text)
        return
    value = entry.value or ""
    if wanted := misfit(variable, value):
        yield _error(
            name, entry.line, f"`{entry.key}` should be {wanted}", f"devkit env set {entry.key} VALUE{option(name)}"
        )
    if variable.is_secret and value and (value.lower() in _PLACEHOLDERS or value == variable.default):
        help_text = f"devkit env set {entry.key} --stdin{option(name)}"
        yield _warning(name, entry.line, f"`{entry.key}` is a secret, and its value is a placeholder", help_text)


def _openness(context: TaskContext, name: str) -> Iterator[Finding]:
    mode = stat.S_IMODE((context.root / name).stat().st_mode)
    if mode & _OTHERS:
        yield _warning(name, None, f"others can read it (mode {mode:04o})", f"chmod 600 {name}")
    if context.which("git") is None:
        return
    tracked, _, _ = context.capture(["git", "-c", "core.fsmonitor=", "ls-files", "--error-unmatch", "--", name])
    if tracked == 0:
        help_text = f"git rm --cached {name}, and change every secret that was in it"
        yield _error(name, None, "it is tracked by git", help_text)
        return
    ignored, _, _ = context.capture(["git", "-c", "core.fsmonitor=", "check-ignore", "--quiet", "--", name])
    if ignored == 1:
        yield _error(name, None, "git does not ignore it", f"echo '{name}' >> .gitignore")


def _error(name: str, line: int | None, message: str, help_text: str) -> Finding:
    place = Place(path=name, line=line)
    return Finding(code=DOTENV_WRONG.code, message=message, severity=Severity.ERROR, place=place, help=help_text)


def _warning(name: str, line: int | None, message: str, help_text: str) -> Finding:
    return Finding(code=DOTENV_WRONG.code, message=message, place=Place(path=name, line=line), help=help_text)
