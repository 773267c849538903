"""The questions of a template, and the answers to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from msgspec import Struct

from devkit.errors import BAD_ANSWER, DevkitError, did_you_mean
from devkit.render.manifest import LONGEST_ANSWER

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from devkit.api.values import Value
    from devkit.render.source import TemplateSource

QuestionKind = Literal["text", "choice", "bool", "dict"]
_YES = ("1", "true", "t", "yes", "y", "on")
_NO = ("0", "false", "f", "no", "n", "off")


class Question(Struct, frozen=True, kw_only=True):
    """One question: its default as rendered from the answers so far, and the words to ask it with."""

    name: str
    kind: QuestionKind
    default: Value
    choices: tuple[Value, ...] = ()
    prompt: str = ""


def resolve(
    source: TemplateSource, given: Mapping[str, Value], ask: Callable[[Question], Value] | None
) -> dict[str, Value]:
    """Return the answer to every question of the template: the given one, else the one asked for, else the default.

    An answer is never rendered itself. A name that the template does not ask, or a value that it does not allow,
    is `BAD_ANSWER`; a default that does not render is `TEMPLATE_INVALID`. Without an answer stay a question
    whose default is null, and one whose default only the template's own extensions can render.
    """
    from devkit.render.variables import fill, make_renderer

    _refuse_unknown(source, given)
    template = _choose_template(source, given, ask)
    chosen = source.chosen(template)
    renderer, pack = make_renderer(chosen, "answers")
    with renderer.bounded():
        filled = fill(chosen, renderer, lambda name, raw, default: _answer(chosen, given, ask, (name, raw, default)))
    pack.save()
    answers = {name: filled[name] for name in chosen.asks if filled.get(name) is not None}
    _check_rules(chosen, answers)
    return {**template, **answers}


def _refuse_unknown(source: TemplateSource, given: Mapping[str, Value]) -> None:
    for name in given:
        if name not in source.asks and not (source.nested and name == "template"):
            message = f"the template asks for no `{name}`"
            asks = f"it asks for {', '.join(source.asks)}" if source.asks else "it asks for nothing"
            raise DevkitError(BAD_ANSWER, message, help=did_you_mean(name, source.asks, asks))


def _choose_template(
    source: TemplateSource, given: Mapping[str, Value], ask: Callable[[Question], Value] | None
) -> dict[str, Value]:
    """Return which of the nested templates is wanted, under the name that the template gives the question."""
    if not source.nested:
        return {}
    key = "templates" if "templates" in source.variables else "template"
    labels = tuple(source.nested)
    wanted = given.get(key, given.get("template"))
    if wanted is not None:
        return {key: _pick(key, _label(source, str(wanted)), labels)}
    if ask is None:
        return {key: labels[0]}
    prompt = _prompt(source, key) if "__prompts__" in source.variables else "Template"
    return {
        key: _pick(
            key, ask(Question(name=key, kind="choice", default=labels[0], choices=labels, prompt=prompt)), labels
        )
    }


def _label(source: TemplateSource, wanted: str) -> str:
    """Return the words of the nested template that is wanted by these words, or by their beginning before ` (`."""
    return next((label for label in source.nested if wanted in {label, label.partition(" (")[0]}), wanted)


def _answer(
    source: TemplateSource,
    given: Mapping[str, Value],
    ask: Callable[[Question], Value] | None,
    variable: tuple[str, Any, Any],
) -> Any:
    """Return the value of one variable: given, asked for, or the default."""
    from devkit.render.variables import POSTPONED

    name, raw, default = variable
    if name in given:
        return _allowed(name, raw, default, given[name])
    if ask is None:
        return default[0] if isinstance(raw, list) and default is not POSTPONED else default
    question = _question(source, variable, is_postponed=default is POSTPONED)
    answer = ask(question)
    if default is POSTPONED and answer in ("", None):
        return POSTPONED
    return answer if question.kind == "dict" else _allowed(name, raw, default, answer)


def _question(source: TemplateSource, variable: tuple[str, Any, Any], *, is_postponed: bool) -> Question:
    name, raw, default = variable
    prompt = _prompt(source, name)
    if is_postponed:
        return Question(name=name, kind="text", default="", prompt=prompt)
    match raw:
        case list():
            return Question(name=name, kind="choice", default=default[0], choices=tuple(default), prompt=prompt)
        case bool():
            return Question(name=name, kind="bool", default=default, prompt=prompt)
        case dict():
            return Question(name=name, kind="dict", default=default, prompt=prompt)
        case _:
            return Question(name=name, kind="text", default="" if default is None else default, prompt=prompt)


def _prompt(source: TemplateSource, name: str) -> str:
    """Return the words of a question on one line, free of anything that a terminal would obey."""
    prompts = source.variables.get("__prompts__", {})
    words = prompts.get(name) if isinstance(prompts, dict) else None
    if isinstance(words, dict):
        words = words.get("__prompt__")
    text = words if isinstance(words, str) and words else name
    return "".join(character if character.isprintable() else " " for character in text)


def _allowed(name: str, raw: Any, default: Any, value: Any) -> Any:
    """Return a value in the form that the template's kind of question takes, or raise `BAD_ANSWER`."""
    match raw:
        case list():
            return _pick(name, value, default) if isinstance(default, (list, tuple)) else _text(name, value)
        case bool():
            return _yes_or_no(name, value)
        case dict():
            return _merged(default if isinstance(default, dict) else {}, _mapping(name, value))
        case _:
            return _text(name, value)


def _pick(name: str, value: Any, choices: Any) -> Any:
    found = next((choice for choice in choices if choice == value or str(choice) == str(value)), None)
    if found is None:
        allowed = ", ".join(str(choice) for choice in choices)
        message = f"`{value}` is none of the choices for `{name}`"
        raise DevkitError(BAD_ANSWER, message, help=f"choices: {allowed}")
    return found


def _yes_or_no(name: str, value: Any) -> bool:
    word = str(value).strip().lower()
    if word not in (*_YES, *_NO):
        raise DevkitError(BAD_ANSWER, f"`{name}` takes yes or no, not `{value}`", help=f"--data {name}=yes")
    return word in _YES


def _mapping(name: str, value: Any) -> Any:
    import json

    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            value = None
    if not isinstance(value, dict):
        help_text = f"""--data '{name}={{"key": "value"}}', or a table in a --data-file"""
        raise DevkitError(BAD_ANSWER, f"`{name}` takes an object of keys and values", help=help_text)
    return value


def _merged(default: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    """Return a default with a given object laid over it, key by key and level by level."""
    merged = dict(default)
    for key, value in given.items():
        below = merged.get(key)
        merged[key] = _merged(below, value) if isinstance(below, dict) and isinstance(value, dict) else value
    return merged


def _text(name: str, value: Any) -> str:
    if isinstance(value, (dict, list, tuple)):
        raise DevkitError(BAD_ANSWER, f"`{name}` takes text, not a list or a table", help=f"--data {name}=…")
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def _check_rules(source: TemplateSource, answers: Mapping[str, Any]) -> None:
    for name, rule in source.rules.items():
        answer = str(answers.get(name, ""))
        if name in answers and (len(answer) > LONGEST_ANSWER or rule.pattern.fullmatch(answer) is None):
            message = f"`{answer}` is not a valid `{name}`"
            raise DevkitError(BAD_ANSWER, message, help=rule.message)
