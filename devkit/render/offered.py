"""What cookiecutter offers every template: its filters, functions and the tag `now`, each loaded when it is used.

Imports jinja2: whoever needs it imports this module late.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from jinja2.ext import Extension

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jinja2 import Environment, nodes
    from jinja2.parser import Parser

_LONGEST_RANDOM = 1_000_000
_PATTERN = 8
"""The place of `regex_pattern` among the arguments of `slugify` after the text."""
_CHARACTERS = re.compile(r"\[(?:\\.|[^\]\\])+\][+*]?")
"""A regular expression that cannot run for ever."""


class Now(Extension):
    """`{% now 'utc', '%Y' %}` as cookiecutter's own extension has it, which brings a library that few need."""

    tags = {"now"}  # noqa: RUF012 - jinja2 declares it so

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        environment.extend(datetime_format="%Y-%m-%d")

    def parse(self, parser: Parser) -> nodes.Output:
        """Return the nodes of the tag, which call the two methods below."""
        from cookiecutter.extensions import TimeExtension  # type: ignore[import-untyped]

        output: nodes.Output = TimeExtension.parse(self, parser)
        return output

    def _now(self, *arguments: Any) -> str:
        from cookiecutter.extensions import TimeExtension

        return str(TimeExtension._now(self, *arguments))  # noqa: SLF001 - its only face

    def _datetime(self, *arguments: Any) -> str:
        from cookiecutter.extensions import TimeExtension

        return str(TimeExtension._datetime(self, *arguments))  # noqa: SLF001 - its only face


def offered_filters() -> Mapping[str, Callable[..., Any]]:
    """Return the filters by name."""
    return {"jsonify": _jsonify, "slugify": _slugify}


def offered_globals() -> Mapping[str, Callable[..., Any]]:
    """Return the functions by name."""
    return {"random_ascii_string": _random_ascii_string, "uuid4": _uuid4}


def _jsonify(value: Any, indent: int = 4) -> str:
    import json

    return json.dumps(value, sort_keys=True, indent=indent)


def _slugify(value: str, *arguments: Any, **settings: Any) -> str:
    from slugify import slugify

    patterns = (*arguments[_PATTERN : _PATTERN + 1], settings.get("regex_pattern"))
    if any(pattern is not None and not _CHARACTERS.fullmatch(str(pattern)) for pattern in patterns):
        raise ValueError("`regex_pattern` of `slugify` may be a set of characters, such as `[^-a-z0-9_]+`")
    return str(slugify(value, *arguments, **settings))


def _random_ascii_string(length: int, punctuation: bool = False) -> str:
    import secrets
    import string

    if length > _LONGEST_RANDOM:
        raise ValueError(f"a random text of more than {_LONGEST_RANDOM:,} letters")
    letters = string.ascii_letters + (string.punctuation if punctuation else "")
    return "".join(secrets.choice(letters) for _ in range(length))


def _uuid4() -> str:
    import uuid

    return str(uuid.uuid4())
