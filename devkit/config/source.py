"""Reads one TOML file: its text, its data, and the places of its keys."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING, Any

from devkit.config.text import has_endless_key, is_deep
from devkit.errors import CONFIG_SYNTAX, DevkitError, Place

if TYPE_CHECKING:
    from collections.abc import Mapping

    from devkit.api.values import KeyPath
    from devkit.config.locate import Lines, Span

LARGEST = 256 * 1024
"""Bytes. Configuration is written by hand; more is a mistake, and would take its time to parse."""


class Source:
    """A file of configuration as it was read; `name` is what messages call it."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.text = text
        self.data = _parse(name, text)
        self._found: tuple[Mapping[KeyPath, Span], Lines] | None = None

    def place(self, path: KeyPath, label: str = "") -> Place:
        """Return where a key is written, or the nearest table above it."""
        spans, lines = self._index()
        while path and path not in spans:
            path = path[:-1]
        if not path:
            return Place(path=self.name, label=label)
        return _place(self.name, lines, spans[path].start, spans[path].width, label)

    def _index(self) -> tuple[Mapping[KeyPath, Span], Lines]:
        if self._found is None:
            from devkit.config.locate import Lines, spans

            self._found = spans(self.text), Lines(self.text)
        return self._found


def read_source(file: str, name: str) -> Source | None:
    """Return a file's content, or `None` when it is absent; CONFIG_SYNTAX when it is no readable TOML file."""
    content = _read(file, name)
    if content is None:
        return None
    if len(content) > LARGEST:
        raise _refusal(name, f"is larger than {LARGEST // 1024} KiB")
    return Source(name, _decode(name, content))


def _read(file: str, name: str) -> bytes | None:
    try:
        if not stat.S_ISREG(os.stat(file).st_mode):
            raise _refusal(name, "is not a regular file")
        # what is a file now may be a pipe by then: never wait for its other end
        descriptor = os.open(file, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0))
        with open(descriptor, "rb") as opened:
            return opened.read(LARGEST + 1)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise _refusal(name, f"cannot be read: {error.strerror or error}") from error


def _decode(name: str, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8-sig")
        rest = content[error.start :].split(b"\n", 1)[0].decode("utf-8", "replace")
        place = _place_in(name, before + rest, len(before), "not UTF-8")
        raise _refusal(name, "is not UTF-8", place) from error


def _parse(name: str, text: str) -> dict[str, Any]:
    if has_endless_key(text):
        raise _too_deep(name, text)
    import tomllib

    try:
        data = tomllib.loads(text)
    except RecursionError:
        data = None
    except ValueError as error:
        raise _syntax_error(name, text, error) from error
    if data is None or is_deep(data):
        raise _too_deep(name, text)
    return data


def _too_deep(name: str, text: str) -> DevkitError:
    from devkit.config.locate import deepest_bracket, endless_key

    endless = endless_key(text)
    offset = deepest_bracket(text) if endless is None else endless
    return _refusal(name, "is nested too deep", _place_in(name, text, offset, "too deep"))


def _syntax_error(name: str, text: str, error: ValueError) -> DevkitError:
    """The position stands only in the words of the parser before Python 3.14."""
    import re

    from devkit.config.locate import Lines

    words = str(error)
    at = re.search(r" \(at (?:line (\d+), column (\d+)|end of document)\)$", words)
    if at is None:  # numbers of more digits than Python converts carry no position
        digits = re.search(r"[0-9_]{4300,}", text)
        place = _place_in(name, text, digits.start(), "too long") if digits else Place(path=name)
        return _refusal(name, "holds a value that cannot be read", place)
    reason = words[: at.start()]
    reason = reason[:1].lower() + reason[1:]
    if not at[1]:
        return _refusal(name, f"is not valid TOML: {reason}", _place_in(name, text, len(text), reason))
    line = int(at[1])
    place = Place(path=name, line=line, column=int(at[2]), text=Lines(text).text(line), label=reason)
    return _refusal(name, f"is not valid TOML: {reason}", place)


def _place_in(name: str, text: str, offset: int, label: str) -> Place:
    from devkit.config.locate import Lines

    return _place(name, Lines(text), offset, 1, label)


def _place(name: str, lines: Lines, offset: int, width: int, label: str) -> Place:
    line, column = lines.position(offset)
    return Place(path=name, line=line, column=column, text=lines.text(line), width=width, label=label)


def _refusal(name: str, reason: str, place: Place | None = None) -> DevkitError:
    return DevkitError(CONFIG_SYNTAX, f"`{name}` {reason}", place=place or Place(path=name), help=f"mend `{name}`")
