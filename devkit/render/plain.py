"""What can be rendered without jinja2: a text that only names variables, as most files of templates do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from devkit.render.bounds import LARGEST

if TYPE_CHECKING:
    from collections.abc import Mapping

_NAMED = re.compile(r"\{\{ *cookiecutter\.([A-Za-z][A-Za-z0-9_]*) *\}\}")
_MARKED = re.compile(r"\{[{%#]|\{\Z")
"""The beginning of anything else that jinja2 would look at; a brace at the end would become one with the next."""
_PLAIN = (str, int, float)


def substituted(text: str, variables: Mapping[str, Any]) -> str | None:
    """Return a text with the variables that it names filled in, as jinja2 with its own settings would.

    `None` when the text holds anything but `{{ cookiecutter.NAME }}`, or a name that jinja2 has to judge.
    """
    parts = _NAMED.split(text)
    if "\r" in text or any(map(_MARKED.search, parts[:-1:2])) or _MARKED.search(parts[-1].removesuffix("{")):
        return None
    holder = variables.get("cookiecutter")
    for number in range(1, len(parts), 2):
        value = _value(holder, parts[number])
        if value is None:
            return None
        parts[number] = value
    return "".join(parts) if sum(map(len, parts)) <= LARGEST else None


def _value(holder: Any, name: str) -> str | None:
    """Return the text of a variable; jinja2 looks for an attribute first, and has words for what is missing."""
    if not isinstance(holder, dict) or hasattr(holder, name):
        return None
    value = holder.get(name)
    return str(value) if isinstance(value, _PLAIN) else None
