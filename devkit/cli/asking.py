"""Questions on a terminal, and answers from the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from devkit.errors import BAD_ANSWER, USAGE, DevkitError, Place

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from devkit.api.values import Value
    from devkit.render.answers import Question


def ask(question: Question) -> Value:
    """Ask one question on the terminal; Enter takes the default."""
    if question.kind == "bool":
        return click.confirm(question.prompt, default=bool(question.default), err=True)
    if question.kind == "choice":
        choices = click.Choice([str(choice) for choice in question.choices])
        answer: Value = click.prompt(question.prompt, default=str(question.default), type=choices, err=True)
        return answer
    if question.kind == "dict":
        return question.default
    text: Value = click.prompt(question.prompt, default=str(question.default), err=True)
    return text


def given_answers(folder: Path, pairs: Sequence[str], data_file: str | None) -> dict[str, Value]:
    """Return the answers of `--data-file`, then those of `--data`, which win."""
    answers = _read_answers(folder / data_file) if data_file else {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name:
            raise DevkitError(USAGE, f"`--data {pair}` is not KEY=VALUE", help="--data project_name=shop")
        answers[name] = value
    return answers


def _read_answers(path: Path) -> dict[str, Any]:
    from devkit.plan.splice import Format, SyntaxProblem, format_of, parse

    try:
        data = parse(path.read_text("utf-8"), format_of(path.name) or Format.YAML)
    except (OSError, UnicodeDecodeError, SyntaxProblem) as problem:
        place = Place(path=str(path))
        raise DevkitError(BAD_ANSWER, f"the answers cannot be read: {problem}", place=place) from problem
    if not isinstance(data, dict):
        raise DevkitError(BAD_ANSWER, "the file of answers holds no keys", place=Place(path=str(path)))
    return data
