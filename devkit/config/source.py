"""Reads one TOML file: its text, its data, and the places of its keys."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING, Any

from devkit.config.text import has_endless_key, is_deep
from devkit.errors import CONFIG_SYNTAX, DevkitError, Place

if TYPE_CHECKING:
    from devkit.api.values import KeyPath
    from devkit.config.locate import Span

LARGEST = 256 * 1024
"""Bytes. Configuration is written by hand; more is a mistake, and would take its time to parse."""


class Source:
    """A file of configuration as it was read; `name` is what messages call it."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.text = text
        self.data = _parse(name, text)
        self._spans: dict[KeyPath, Span] | None = None

    def place(self, path: KeyPath, label: str = "") -> Place:
        """Return where a key is written, or the nearest table above it."""
        from devkit.config import locate

        if self._spans is None:
            self._spans = locate.spans(self.text)
        while path and path not in self._spans:
            path = path[:-1]
        if not path:
            return Place(path=self.name, label=label)
        span = self._spans[path]
        return _place(self.name, self.text, span.start, span.width, label)


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
        place = _place(name, before + rest, len(before), 1, "not UTF-8")
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
    return _refusal(name, "is nested too deep", _place(name, text, offset, 1, "too deep"))


def _syntax_error(name: str, text: str, error: ValueError) -> DevkitError:
    """The position stands only in the words of the parser before Python 3.14."""
    import re

    from devkit.config.locate import line_at

    words = str(error)
    at = re.search(r" \(at (?:line (\d+), column (\d+)|end of document)\)$", words)
    if at is None:  # numbers of more digits than Python converts carry no position
        digits = re.search(r"[0-9_]{4300,}", text)
        place = _place(name, text, digits.start(), 1, "too long") if digits else Place(path=name)
        return _refusal(name, "holds a value that cannot be read", place)
    reason = words[: at.start()]
    reason = reason[:1].lower() + reason[1:]
    if not at[1]:
        return _refusal(name, f"is not valid TOML: {reason}", _place(name, text, len(text), 1, reason))
    line = int(at[1])
    place = Place(path=name, line=line, column=int(at[2]), text=line_at(text, line), label=reason)
    return _refusal(name, f"is not valid TOML: {reason}", place)


def _place(name: str, text: str, offset: int, width: int, label: str) -> Place:
    from devkit.config.locate import line_at, position

    line, column = position(text, offset)
    return Place(path=name, line=line, column=column, text=line_at(text, line), width=width, label=label)


def _refusal(name: str, reason: str, place: Place | None = None) -> DevkitError:
    return DevkitError(CONFIG_SYNTAX, f"`{name}` {reason}", place=place or Place(path=name), help=f"mend `{name}`")
