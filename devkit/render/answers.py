"""The questions of a template, and the answers to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from devkit.api.values import Value
    from devkit.render.source import TemplateSource

QuestionKind = Literal["text", "choice", "bool", "dict"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
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
    is `BAD_ANSWER`; a default that does not render is `TEMPLATE_INVALID`.
    """
    raise NotImplementedError
