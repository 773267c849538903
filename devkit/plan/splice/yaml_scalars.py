"""Single values of YAML: how plain text is read, and how a value is written so that YAML 1.1 and 1.2 agree."""

from __future__ import annotations

import math
import re
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from devkit.plan.splice.problems import SpliceProblem

if TYPE_CHECKING:
    from devkit.api.values import Scalar, Value

_WORDS: dict[str, Scalar] = {
    word: value
    for value, words in (
        (None, ("", "~", "null", "Null", "NULL")),
        (True, ("true", "True", "TRUE")),
        (False, ("false", "False", "FALSE")),
        (math.inf, (".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF")),
        (-math.inf, ("-.inf", "-.Inf", "-.INF")),
        (math.nan, (".nan", ".NaN", ".NAN")),
    )
    for word in words
}
_INT = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[Tt ][0-9:.]+(?:[Zz]|[-+][0-9:]+)?)?")

_PLAIN = re.compile(
    r"[^\s\-?:,\[\]{}#&*!|>'\"%@`=<\x00-\x1f\x7f][^\x00-\x1f\x7f]*|-[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*"
)
_READ_OTHERWISE = re.compile(
    r"[-+]?[0-9][0-9_,]*(?:\.[0-9_]*)?|[-+]?\.[0-9_]+|[-+]?[0-9][0-9_]*(?::[0-9]+)+(?:\.[0-9_]*)?|[-+]?[0-9_.]+[eE][-+]?[0-9]+|[-+]?0[xob][0-9a-fA-F_]+|[-+]?\.(?:inf|nan)|[0-9]{4}-[0-9]+-[0-9].*"
    r"|y|n|yes|no|on|off|true|false|null|~|[-+.]+|---.*|\.\.\..*",
    re.IGNORECASE,
)
"""Plain text that some reader takes for a number, a date, a truth value, nothing or a document marker.

See the types of YAML 1.1 (https://yaml.org/type/) and the core schema of YAML 1.2.2, section 10.3.
"""
_UNPRINTABLE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029\ufeff\ufffe\uffff]")
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def resolved(text: str) -> Scalar:
    """Return what a plain scalar means in the core schema of YAML 1.2, dates added."""
    if text in _WORDS:
        return _WORDS[text]
    if _INT.fullmatch(text):
        return int(text, 0) if text.startswith(("0o", "0x")) else int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    return _dated(text) if _DATE.fullmatch(text) else text


def _dated(text: str) -> Scalar:
    try:
        return datetime.fromisoformat(text.upper()) if ":" in text else date.fromisoformat(text)
    except ValueError:
        return text


def scalar_text(value: Value, *, quote: str = '"', is_flow: bool = False, old: str = "") -> str:
    """Return a value in one line, text quoted where it must be, or as `old` was."""
    if isinstance(value, str):
        return _text(value, old[:1] if old[:1] in {"'", '"'} else "", quote, is_flow=is_flow)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _float(value)
    if isinstance(value, time):
        raise SpliceProblem("YAML has no way to write a time of day")
    if isinstance(value, date):
        return value.isoformat()
    return "null" if value is None else str(value)


def literal_text(value: Value, indent: str, newline: str) -> str | None:
    """Return a text of several lines as a literal block (`|`), or `None` where a block cannot hold it."""
    if not isinstance(value, str) or "\n" not in value or _UNPRINTABLE.search(value.replace("\t", "")):
        return None
    lines = value.removesuffix("\n").split("\n")
    if not lines[-1].strip() or lines[0][:1] in {"", " ", "\t"} or any(line.isspace() for line in lines):
        return None
    chomp = "" if value.endswith("\n") else "-"
    return newline.join([f"|{chomp}", *(indent + line if line else "" for line in lines)])


def is_plain(text: str, *, is_flow: bool) -> bool:
    """Return whether a text may stand without quotes and is read as that text by every reader."""
    if not _PLAIN.fullmatch(text) or _UNPRINTABLE.search(text) or _READ_OTHERWISE.fullmatch(text):
        return False
    if text != text.strip() or ": " in text or " #" in text or text.endswith(":"):
        return False
    return not (is_flow and re.search(r"[,\[\]{}]|:$|[?:]", text))


def _text(value: str, kept: str, quote: str, *, is_flow: bool) -> str:
    if not kept and is_plain(value, is_flow=is_flow):
        return value
    if (kept or quote) == "'" and "\n" not in value and not _UNPRINTABLE.search(value):
        return "'" + value.replace("'", "''") + "'"
    return '"' + _UNPRINTABLE.sub(_escaped, re.sub(r'["\\\n]', _escaped, value)) + '"'


def _escaped(found: re.Match[str]) -> str:
    code = ord(found.group())
    return _ESCAPES.get(found.group()) or (f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}")  # noqa: PLR2004 - the widths of YAML's escapes


def _float(value: float) -> str:
    if not math.isfinite(value):
        return ".nan" if math.isnan(value) else ".inf" if value > 0 else "-.inf"
    text = repr(value)
    return text if "." in text else text.replace("e", ".0e")
