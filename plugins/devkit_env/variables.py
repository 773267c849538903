"""The variables that a project declares, and what a value of each may be."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from io import StringIO
from typing import TYPE_CHECKING

from devkit.api import VARIABLES, Variable
from devkit_env.ports import port_number
from devkit_env.quoting import written

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from devkit.api import Context

EXAMPLE = ".env.example"
_OWN = re.compile(r"^# >>> devkit: env >>>$.*?^# <<< devkit: env <<<$", re.MULTILINE | re.DOTALL)
"""What this stage has written into the example itself."""
_SWITCHES = {"true", "false", "1", "0", "yes", "no", "on", "off"}
_PATTERNS = {
    "url": re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://\S+"),
    "email": re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+"),
    "integer": re.compile(r"[+-]?\d+"),
    "number": re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"),
    "token": re.compile(r"[A-Za-z0-9._~-]+"),  # what RFC 3986 leaves unreserved
}
_WORDS = {
    "integer": "a whole number",
    "number": "a number",
    "boolean": "`true` or `false`",
    "url": "a URL such as `https://example.org/`",
    "email": "an e-mail address",
    "port": "a port from 0 to 65535",
    "token": "of letters, digits, `-`, `.`, `_` and `~` alone, since it stands in a URL as it is",
}


class VariableType(StrEnum):
    """What the value of a variable is."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    URL = "url"
    EMAIL = "email"
    PORT = "port"
    PATH = "path"
    TOKEN = "token"  # noqa: S105 - the name of a type


@dataclass(frozen=True, slots=True, kw_only=True)
class VariableSettings:
    """The table `[tool.devkit.env.variables.NAME]`."""

    type: VariableType = field(default=VariableType.TEXT, metadata={"help": "What a value has to be."})
    default: str = field(default="", metadata={"help": "What it is unless it is set."})
    description: str = field(default="", metadata={"help": "What it is for."})
    required: bool = field(default=False, metadata={"help": "Whether it has to be set."})
    secret: bool = field(default=False, metadata={"help": "Whether its value is never shown."})
    choices: tuple[str, ...] = field(default=(), metadata={"help": "The values that it may have."})


def declared(context: Context, settings: dict[str, VariableSettings]) -> dict[str, Variable]:
    """Return what is declared, by name: by `.env.example`, by stages, and by the configuration, which wins."""
    found = {variable.name: variable for variable in _variables_in(context.tree.read_text(EXAMPLE) or "")}
    found |= {variable.name: variable for variable in context.collect(VARIABLES)}
    found |= {name: _variable(name, each) for name, each in settings.items()}
    return found


def example_block(context: Context, settings: dict[str, VariableSettings]) -> str:
    """Return the lines that `.env.example` lacks: one for each variable that stages and configuration declare."""
    variables = [*context.collect(VARIABLES), *(_variable(name, each) for name, each in settings.items())]
    written = {each.name for each in _variables_in(_OWN.sub("", context.tree.read_text(EXAMPLE) or ""))}
    variables = [each for each in variables if each.name not in written]
    return "\n".join(
        line for variable in {each.name: each for each in variables}.values() for line in _lines(variable)
    )


def misfit(variable: Variable, value: str) -> str:
    """Return what a value should be instead, or `""` when it fits; an empty value fits what is not required."""
    if not value:
        return ""
    if variable.choices and value not in variable.choices:
        return "one of " + ", ".join(f"`{choice}`" for choice in variable.choices)
    is_right = {
        "boolean": lambda: value.lower() in _SWITCHES,
        "port": lambda: port_number(value) is not None,
    }.get(variable.type)
    pattern = _PATTERNS.get(variable.type)
    if (is_right is not None and not is_right()) or (pattern is not None and not pattern.fullmatch(value)):
        return _WORDS[variable.type]
    return ""


def _variable(name: str, settings: VariableSettings) -> Variable:
    return Variable(
        name=name,
        description=settings.description,
        default=settings.default,
        is_required=settings.required,
        is_secret=settings.secret,
        type=str(settings.type),
        choices=settings.choices,
    )


def _lines(variable: Variable) -> Iterator[str]:
    notes = [f"one of {', '.join(variable.choices)}"] if variable.choices else []
    notes += ["required"] if variable.is_required else []
    notes += ["secret"] if variable.is_secret else []
    text = " ".join(variable.description.split())
    words = [text, *([f"({'; '.join(notes)})"] if notes else [])]
    yield f"# {' '.join(filter(None, words)) or variable.name}"
    yield f"{variable.name}={'' if variable.is_secret else written(variable.default)}"


def _variables_in(text: str) -> Iterable[Variable]:
    from dotenv.parser import parse_stream

    for binding in parse_stream(StringIO(text)):
        if binding.key and not binding.error:
            default = binding.value or ""
            is_port = default.isdigit() and f"_{binding.key}".endswith("_PORT")
            type_ = VariableType.PORT if is_port else VariableType.TEXT
            yield Variable(name=binding.key, description="", default=default, type=str(type_))
