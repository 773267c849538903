"""The text of a `.env` file: what stands in it and where, and edits that touch nothing else."""

from __future__ import annotations

import re
from io import StringIO
from typing import TYPE_CHECKING

from msgspec import Struct

from devkit.api import DOTENV_INVALID, DevkitError, Place
from devkit_env.quoting import quoted

if TYPE_CHECKING:
    from collections.abc import Sequence

_HEAD = re.compile(r"\s*(?:export[^\S\r\n]+)?(?:'[^']+'|[^=#\s]+)[^\S\r\n]*")
_VALUE = re.compile(r"""'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|[^\r\n]*""", re.DOTALL)
_COMMENT = re.compile(r"\s+#.*|\s+$", re.DOTALL)
_LINE_END = re.compile(r"\r\n|\n|\r")


class Entry(Struct, frozen=True, kw_only=True):
    """A variable in a file: `start` and `end` are the span of its lines, `line` counts from 1."""

    key: str
    value: str | None
    line: int
    start: int
    end: int


def parse(text: str, path: str) -> tuple[Entry, ...]:
    """Return the variables of a file in their order; DOTENV_INVALID, with its place, for what cannot be read.

    The format is that of python-dotenv; references to other variables stay as they are.
    """
    from dotenv.parser import parse_stream

    entries: list[Entry] = []
    position = len(text) - len(text.removeprefix("\ufeff"))
    for binding in parse_stream(StringIO(text, newline="")):
        original = binding.original.string
        lead = len(original) - len(original.lstrip())
        line = binding.original.line + len(_LINE_END.findall(original[:lead]))
        if binding.error or "\0" in original:
            raise _invalid(path, line, _what(original))
        if binding.key is not None:
            start, end = position + lead, position + len(original)
            entries.append(Entry(key=binding.key, value=binding.value, line=line, start=start, end=end))
        position += len(original)
    _refuse_twins(entries, path)
    return tuple(entries)


def with_value(text: str, path: str, key: str, value: str) -> str:
    """Return the text with a variable set: in its place, comment and all, or in a line of its own at the end."""
    written = quoted(value)
    for entry in parse(text, path):
        if entry.key == key:
            changed = text[: entry.start] + _set_in(text[entry.start : entry.end], written) + text[entry.end :]
            break
    else:
        ending = line_end(text)
        gap = "" if not text.strip("\ufeff") or text.endswith(("\n", "\r")) else ending
        changed = f"{text}{gap}{key}={written}{ending}"
    _check(text, changed, path, {key: value})
    return changed


def line_end(text: str) -> str:
    """Return how the lines of a text end."""
    found = _LINE_END.search(text)
    return found[0] if found else "\n"


def without(text: str, path: str, key: str) -> str:
    """Return the text without a variable; its comments stay."""
    for entry in parse(text, path):
        if entry.key == key:
            changed = text[: entry.start] + text[entry.end :]
            _check(text, changed, path, {key: None})
            return changed
    return text


def _set_in(original: str, written: str) -> str:
    head = _HEAD.match(original)
    assert head is not None  # noqa: S101 - the parser has read this very line
    rest = original[head.end() :]
    if not rest.startswith("="):
        return f"{original[: head.end()].rstrip()}={written}{rest}"
    gap = len(rest) - len(rest[1:].lstrip(" \t"))
    body = rest[gap:]
    if gap > 1 and body.startswith("#"):  # `KEY= # comment` is empty
        return f"{original[: head.end()]}{rest[:1]}{written} {body}"
    value = _VALUE.match(body)
    assert value is not None  # noqa: S101 - it matches nothing, too
    end = value.end() if body[:1] in {"'", '"'} else len(_COMMENT.split(value[0])[0])
    return original[: head.end()] + rest[:gap] + written + body[end:]


def _check(before: str, after: str, path: str, changes: dict[str, str | None]) -> None:
    """Raise when an edit did not do just what it was to do."""
    wanted = {entry.key: entry.value for entry in parse(before, path)} | changes
    wanted = {key: value for key, value in wanted.items() if value is not None or key not in changes}
    found = {entry.key: entry.value for entry in parse(after, path)}
    if found != wanted:
        message = "the file cannot be edited without changing other variables"
        raise DevkitError(DOTENV_INVALID, message, place=Place(path=path), help="edit it by hand")


def _refuse_twins(entries: Sequence[Entry], path: str) -> None:
    seen: dict[str, int] = {}
    for entry in entries:
        if entry.key in seen:
            raise _invalid(path, entry.line, f"`{entry.key}` is set in line {seen[entry.key]} already")
        seen[entry.key] = entry.line


def _what(original: str) -> str:
    """Return what is wrong with a line; never its value, which may be a secret."""
    if "\0" in original:
        return "a variable cannot hold a NUL"
    _, equals, value = original.partition("=")
    if equals and value.lstrip()[:1] in {"'", '"'}:
        return "a quote is not closed, or something follows it"
    return "this is no `KEY=value`"


def _invalid(path: str, line: int, what: str) -> DevkitError:
    return DevkitError(DOTENV_INVALID, what, place=Place(path=path, line=line), help="mend the line")
