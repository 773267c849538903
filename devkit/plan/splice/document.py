"""A document that can be edited one step at a time, and the run of steps with its proof at the end."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Protocol, assert_never

from devkit.plan.splice.data import Append, Insert, Remove, Replace, Step, after, ordered, steps
from devkit.plan.splice.problems import SeveralDocuments, SpliceProblem, SyntaxProblem
from devkit.plan.values import is_same

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from devkit.api.values import KeyPath, Value
    from devkit.plan.splice.edits import Edit


class Document(Protocol):
    """A text that was read, with the positions of all that is in it.

    Each editing method returns the new text; paths lead to what exists. They raise `SpliceProblem` when they
    know of no safe place, and otherwise need not check: the result is read again and compared.
    """

    @property
    def data(self) -> Value:
        """What the document holds."""

    @property
    def comments(self) -> Sequence[str]:
        """The texts of all comments."""

    def replace(self, path: KeyPath, value: Value) -> str:
        """Return the text with another value at the path."""

    def insert(self, path: KeyPath, key: str, value: Value) -> str:
        """Return the text with a new key in the mapping at the path."""

    def append(self, path: KeyPath, value: Value) -> str:
        """Return the text with a new item at the end of the list at the path."""

    def remove(self, path: KeyPath) -> str:
        """Return the text without the key or item at the path."""

    def find(self, path: KeyPath) -> int | None:
        """Return the position of a key or item, or `None` when there is none."""


def spliced(text: str, edits: Sequence[Edit], read: Callable[[str], Document]) -> str:
    """Return the text with the edits made in it, proved: its data is as intended and no comment is lost."""
    try:
        document = read(text)
    except SeveralDocuments as problem:
        raise SpliceProblem(str(problem)) from problem
    intended, comments = after(document.data, edits), Counter(document.comments)
    try:
        for edit in ordered(edits):
            for step in list(steps(document.data, edit)):
                text = _taken(document, step)
                document = read(text)
    except SyntaxProblem as problem:
        raise SpliceProblem(f"the edit has no safe place in the file ({problem})") from problem
    if not is_same(document.data, intended):
        raise SpliceProblem("the edit would change something else in the file")
    if comments - Counter(document.comments):
        raise SpliceProblem("the edit would lose a comment")
    return text


def _taken(document: Document, step: Step) -> str:
    match step:
        case Replace():
            return document.replace(step.path, step.value)
        case Insert():
            return document.insert(step.path, step.key, step.value)
        case Append():
            return document.append(step.path, step.value)
        case Remove():
            return document.remove(step.path)
        case _:
            assert_never(step)
