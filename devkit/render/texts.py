"""How a template's bytes become text, and rendered text becomes bytes again, as cookiecutter does it."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

from devkit.errors import TEMPLATE_INVALID, DevkitError, Place

if TYPE_CHECKING:
    from collections.abc import Mapping

_STARTS = {"block_start_string": "{%", "variable_start_string": "{{", "comment_start_string": "{#"}
_PRINTABLE = bytes([9, 10, 13, *range(32, 127)])
_BEGINNINGS = {bytes([byte]) for byte in b"#\"'{<[-/ \n@.:$acegijklnopqrstuvxyz"}
_PREFIXES = ("line_statement_prefix", "line_comment_prefix")
_FLEETING = r"\brandom_ascii_string\b|\buuid4\b|\|\s*random\b|\blipsum\b|\bnow\s+['\"]"


def marks_of(options: Mapping[str, Any]) -> tuple[bytes, ...]:
    """Return the signs of which a text must hold one for rendering to change it, under jinja2's settings."""
    if options.get("newline_sequence", "\n") != "\n":
        return (b"",)
    starts = [options.get(name, default) for name, default in _STARTS.items()]
    return tuple(mark.encode() for mark in (*starts, *(options[name] for name in _PREFIXES if name in options)))


def decoded(content: bytes, path: str) -> str:
    """Return the text of a file, its lines ended by line feeds; what is not UTF-8 is `TEMPLATE_INVALID`."""
    try:
        text = content.decode()
    except UnicodeDecodeError as problem:
        line = content.count(b"\n", 0, problem.start) + 1
        help_text = "a file of another kind belongs into `_copy_without_render`"
        raise DevkitError(
            TEMPLATE_INVALID, "the text is not UTF-8", place=Place(path=path, line=line), help=help_text
        ) from problem
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def encoded(text: str, original: bytes, newline: str | None, path: str) -> bytes:
    """Return a text as a file: its lines end as the template chose (`newline`), else as those of the original."""
    ending = newline if newline is not None else newline_of(original)
    if ending not in {"", "\n", "\r", "\r\n"}:
        raise DevkitError(TEMPLATE_INVALID, f"`_new_lines` is {ending!r}, which ends no line", place=Place(path=path))
    try:
        return (text.replace("\n", ending) if ending not in {"", "\n"} else text).encode()
    except UnicodeEncodeError as problem:
        message = "the text holds half of a character, which no file can hold"
        raise DevkitError(TEMPLATE_INVALID, message, place=Place(path=path)) from problem


def newline_of(content: bytes) -> str:
    """Return how the lines of a file end: of several ways the one that Python lists first, as cookiecutter does."""
    if b"\r" not in content:
        return "\n"
    reader = io.TextIOWrapper(io.BytesIO(content), encoding="utf-8")
    reader.readline()
    found = reader.newlines
    return (found[0] if isinstance(found, tuple) else found) or "\n"


def is_plain_text(chunk: bytes) -> bool:
    """Whether the beginning of a file is text beyond doubt: printable ASCII that no kind of data begins with."""
    return chunk[:1] in _BEGINNINGS and not chunk.translate(None, _PRINTABLE)


def has_mixed_lines(content: bytes) -> bool:
    """Whether lines end in more than one way, so that writing the text anew would change it."""
    returns = content.count(b"\r")
    return bool(returns) and not returns == content.count(b"\r\n") == content.count(b"\n") and b"\n" in content


def fleeting(variables: Mapping[str, Any]) -> re.Pattern[bytes]:
    """Return what a text holds that is rendered anew each time: the time, a random word, or a variable with one."""
    names = [
        re.escape(name)
        for name, raw in variables.items()
        if name.startswith("__") and isinstance(raw, str) and re.search(_FLEETING, raw)
    ]
    named = [rf"\b(?:{'|'.join(names)})\b"] if names else []
    return re.compile("|".join([_FLEETING, *named]).encode())
