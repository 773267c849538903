"""What can go wrong with a document: it does not parse, or an edit has no safe place in it."""

from __future__ import annotations


class SyntaxProblem(Exception):  # noqa: N818 - a finding about the user's file, not a defect
    """The text is not a document of its format; `line` and `column` count from 1."""

    def __init__(self, message: str, *, line: int = 1, column: int = 1) -> None:
        super().__init__(f"line {line}, column {column}: {message}")
        self.message = message
        self.line = line
        self.column = column


class SeveralDocuments(SyntaxProblem):
    """The text holds more than one document, so that it has no single data."""


class SpliceProblem(Exception):  # noqa: N818 - the caller makes it a conflict
    """An edit cannot be spliced into the text without touching something else."""
