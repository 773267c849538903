"""What a template declares: `cookiecutter.json`, and devkit's own `template.toml` beside it."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from devkit.errors import TEMPLATE_INVALID, DevkitError, Place, did_you_mean
from devkit.render.scan import read_file

if TYPE_CHECKING:
    from collections.abc import Mapping

_DEEPEST = 40
_MOST_REPEATS = 3
LONGEST_ANSWER = 256
"""Characters of an answer that a rule looks at; a longer one breaks it."""
VARIABLES_FILE = "cookiecutter.json"
DECLARATION_FILE = "template.toml"
FOREIGN_SEEDED = ("src/**", "tests/**", "docs/**")
"""What is taken for the user's own once it is made, in a template that does not say."""
HARMLESS = {
    "jinja2.ext.do": "jinja2.ext.do",
    "jinja2.ext.loopcontrols": "jinja2.ext.loopcontrols",
    "jinja2.ext.i18n": "jinja2.ext.i18n",
    "jinja2.ext.autoescape": "",
    "jinja2.ext.with_": "",
    "jinja2_time.TimeExtension": "",
    "cookiecutter.extensions.JsonifyExtension": "",
    "cookiecutter.extensions.RandomStringExtension": "",
    "cookiecutter.extensions.SlugifyExtension": "",
    "cookiecutter.extensions.TimeExtension": "",
    "cookiecutter.extensions.UUIDExtension": "",
}
"""Extensions that are no code of the template's: jinja2's own, and those (empty) that are there anyway."""
_OPTIONS = {
    "block_start_string": str, "block_end_string": str, "variable_start_string": str, "variable_end_string": str,
    "comment_start_string": str, "comment_end_string": str, "line_statement_prefix": str,
    "line_comment_prefix": str, "newline_sequence": str, "trim_blocks": bool, "lstrip_blocks": bool,
    "autoescape": bool, "optimized": bool,
}  # fmt: skip
"""The settings of jinja2 that a template may choose, and their types."""


class Rule(Struct, frozen=True, kw_only=True):
    """What an answer must look like, and the words to say so."""

    pattern: re.Pattern[str]
    message: str


class Declaration(Struct, frozen=True, kw_only=True):
    """The content of `template.toml`."""

    summary: str = ""
    seeded: tuple[str, ...] = FOREIGN_SEEDED
    rules: Mapping[str, Rule] = field(default_factory=dict)


def read_variables(folder: str, shown: str) -> tuple[dict[str, Any], str]:
    """Return the variables of `cookiecutter.json`, in order, and its text."""
    import json
    from collections import OrderedDict

    place = Place(path=f"{shown}/{VARIABLES_FILE}")
    text = _text(folder, VARIABLES_FILE, shown)
    try:
        variables = json.loads(text, object_pairs_hook=OrderedDict)
    except json.JSONDecodeError as problem:
        line = text.splitlines()[problem.lineno - 1] if problem.lineno <= len(text.splitlines()) else ""
        place = Place(path=place.path, line=problem.lineno, column=problem.colno, text=line)
        raise DevkitError(TEMPLATE_INVALID, f"it is not JSON: {problem.msg}", place=place) from problem
    except (ValueError, RecursionError) as problem:
        raise DevkitError(TEMPLATE_INVALID, "it is not JSON that can be read", place=place) from problem
    if not isinstance(variables, dict) or _depth(variables) > _DEEPEST:
        raise DevkitError(TEMPLATE_INVALID, "it does not hold an object of variables", place=place)
    _check_options(variables, text, place.path)
    return variables, text


def read_declaration(folder: str, shown: str) -> Declaration:
    """Return what `template.toml` says; one that is not there says nothing."""
    if not os.path.lexists(os.path.join(folder, DECLARATION_FILE)):
        return Declaration()
    import tomllib

    path = f"{shown}/{DECLARATION_FILE}"
    text = _text(folder, DECLARATION_FILE, shown)
    try:
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as problem:
        found = re.search(r"\(at line (\d+), column (\d+)\)", str(problem))
        line, column = (int(found[1]), int(found[2])) if found else (len(text.splitlines()) or 1, None)
        words = str(problem).partition(" (at ")[0]
        place = Place(path=path, line=line, column=column, text=_line(text, line))
        raise DevkitError(TEMPLATE_INVALID, f"it is not TOML: {words}", place=place) from problem
    return _declared(table, text, path)


def _depth(value: Any) -> int:
    """Return how many objects and lists lie within each other, looked at level by level."""
    level, depth = [value], 0
    while level and depth <= _DEEPEST:
        level = [each for above in level for each in _members(above)]
        depth += 1
    return depth


def _members(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def _declared(table: dict[str, Any], text: str, path: str) -> Declaration:
    known = ("summary", "seeded", "validate")
    for key in table:
        if key not in known:
            raise _invalid(
                f"unknown key `{key}`", path, text, key, did_you_mean(key, known, "known keys: " + ", ".join(known))
            )
    summary, seeded, rules = table.get("summary", ""), table.get("seeded", []), table.get("validate", {})
    if not isinstance(summary, str):
        raise _invalid("`summary` is not text", path, text, "summary")
    if not isinstance(seeded, list) or not all(isinstance(pattern, str) for pattern in seeded):
        raise _invalid("`seeded` is not a list of patterns", path, text, "seeded", 'seeded = ["src/**"]')
    if any(pattern.count("**") > _MOST_REPEATS for pattern in seeded):
        raise _invalid(f"a pattern holds more than {_MOST_REPEATS} `**`", path, text, "seeded")
    if not isinstance(rules, dict):
        raise _invalid("`validate` is not a table", path, text, "validate")
    return Declaration(
        summary=summary,
        seeded=tuple(seeded) if "seeded" in table else FOREIGN_SEEDED,
        rules={name: _rule(name, rule, text, path) for name, rule in rules.items()},
    )


def _rule(name: str, rule: Any, text: str, path: str) -> Rule:
    table = {"pattern": rule} if isinstance(rule, str) else rule
    if (
        not isinstance(table, dict)
        or set(table) - {"pattern", "message"}
        or not isinstance(table.get("pattern"), str)
    ):
        help_text = 'write a pattern, or `{ pattern = "…", message = "…" }`'
        raise _invalid(f"the rule for `{name}` is not understood", path, text, name, help_text)
    try:
        pattern = re.compile(table["pattern"])
    except (re.error, RecursionError, OverflowError) as problem:
        raise _invalid(f"the pattern for `{name}` is not valid: {problem}", path, text, name) from problem
    return Rule(pattern=pattern, message=str(table.get("message", f"it must match {table['pattern']}")))


def refuse_slow_rules(rules: Mapping[str, Rule], shown: str) -> None:
    """Refuse patterns that could run for ever on some answer: those of foreign templates stay simple."""
    for name, rule in rules.items():
        pattern = rule.pattern.pattern
        if "(" in pattern or len(re.findall(r"[*+{]", pattern)) > _MOST_REPEATS:
            message = f"the pattern for `{name}` is not simple: no groups, and at most {_MOST_REPEATS} repetitions"
            raise DevkitError(TEMPLATE_INVALID, message, place=Place(path=f"{shown}/{DECLARATION_FILE}"))


def _check_options(variables: Mapping[str, Any], text: str, path: str) -> None:
    options = variables.get("_jinja2_env_vars", {})
    if not isinstance(options, dict):
        raise _invalid("`_jinja2_env_vars` is not an object", path, text, "_jinja2_env_vars")
    for name, value in options.items():
        if name not in _OPTIONS or not isinstance(value, _OPTIONS[name]) or value == "":
            message = f"jinja2 has no setting `{name}` that a template may choose so"
            raise _invalid(message, path, text, name)
    for name in ("_extensions", "_copy_without_render"):
        values = variables.get(name, [])
        if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
            raise _invalid(f"`{name}` is not a list of text", path, text, name)


def key_place(path: str, text: str, key: str) -> Place:
    """Return where a key stands in a file of JSON or TOML: the first line that begins with it."""
    pattern = re.compile(rf'^[\s{{,\[]*"?(?:[\w.-]+\.)?({re.escape(key)})"?\s*[:=\]]', re.MULTILINE)
    found = pattern.search(text) or re.search(f'"({re.escape(key)})"', text)
    if found is None:
        return Place(path=path)
    line = text.count("\n", 0, found.start(1)) + 1
    column = found.start(1) - (text.rfind("\n", 0, found.start(1)) + 1) + 1
    return Place(path=path, line=line, column=column, text=_line(text, line), width=len(key))


def _invalid(message: str, path: str, text: str, key: str, help_text: str = "") -> DevkitError:
    return DevkitError(TEMPLATE_INVALID, message, place=key_place(path, text, key), help=help_text)


def _line(text: str, line: int | None) -> str:
    lines = text.splitlines()
    return lines[line - 1] if line is not None and line <= len(lines) else ""


def _text(folder: str, name: str, shown: str) -> str:
    content = read_file(os.path.join(folder, name), name, shown).content
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as problem:
        place = Place(path=f"{shown}/{name}")
        raise DevkitError(TEMPLATE_INVALID, "it is not UTF-8", place=place) from problem
