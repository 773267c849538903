"""Whose word counts in an editor's settings: what somebody chose differently is theirs, and is no conflict."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from devkit.api import Value

_OURS = frozenset({"charliermarsh.ruff", "ms-python.black-formatter", "esbenp.prettier-vscode"})
"""Values that we may have written ourselves when the project had other tools."""


def preferred(settings: dict[str, Value], text: str) -> dict[str, Value]:
    """Return the settings without those that the text of the file gives another value."""
    found: dict[str, Value] = {}
    for key, value in settings.items():
        if isinstance(value, dict):
            inner = preferred(value, _section(text, key))
            found |= {key: inner} if inner else {}
        elif not _differs(text, key, value):
            found[key] = value
    return found


def _differs(text: str, key: str, value: Value) -> bool:
    match = re.search(rf'"{re.escape(key)}"\s*:\s*("(?:[^"\\]|\\.)*"|[^\s,}}]+)', text)
    return match is not None and match[1] != json.dumps(value) and match[1].strip('"') not in _OURS


def _section(text: str, key: str) -> str:
    """Return the text of an object that is the value of a key; these have no deeper ones."""
    match = re.search(rf'"{re.escape(key)}"\s*:\s*\{{', text)
    if match is None:
        return ""
    end = text.find("\n  }", match.end())
    return text[match.end() : end if end >= 0 else len(text)]
