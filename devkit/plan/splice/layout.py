"""Lines, indentation and line endings of a text."""

from __future__ import annotations

from devkit.plan.splice.problems import SyntaxProblem

BOM = "\ufeff"
DEEPEST = 150
"""How deeply documents may nest: far beyond any real one, far below the interpreter's limit."""


def newline_of(text: str) -> str:
    """Return the line ending of a text: that of its first line, or a line feed."""
    first = text.find("\n")
    return "\r\n" if first > 0 and text[first - 1] == "\r" else "\n"


def line_start(text: str, position: int) -> int:
    """Return where the line of a position begins."""
    return text.rfind("\n", 0, position) + 1


def line_end(text: str, position: int) -> int:
    """Return where the line of a position ends, before its line ending."""
    end = text.find("\n", position)
    if end < 0:
        return len(text)
    return end - 1 if end > position and text[end - 1] == "\r" else end


def next_line(text: str, position: int) -> int:
    """Return where the line after that of a position begins."""
    end = text.find("\n", position)
    return len(text) if end < 0 else end + 1


def indent_at(text: str, position: int) -> str:
    """Return the white space at the beginning of the line of a position."""
    start = end = line_start(text, position)
    while end < len(text) and text[end] in " \t":
        end += 1
    return text[start:end]


def is_first_in_line(text: str, position: int) -> bool:
    """Return whether only white space precedes a position in its line."""
    return not text[line_start(text, position) : position].strip()


def line_and_column(text: str, position: int) -> tuple[int, int]:
    """Return line and column of a position, both from 1."""
    return text.count("\n", 0, position) + 1, position - line_start(text, position) + 1


def check_depth(data: object) -> None:
    """Raise `SyntaxProblem` when data nests deeper than `DEEPEST`."""
    level = [data]
    for _ in range(DEEPEST):
        level = [
            item
            for one in level
            if isinstance(one, dict | list)
            for item in (one.values() if isinstance(one, dict) else one)
        ]
        if not level:
            return
    raise SyntaxProblem("nested too deeply")


def cut_lines(text: str, start: int, end: int, *, with_blanks_before: bool = False) -> str:
    """Return the text without the lines of a span; a comment behind it gets the line for itself.

    Blank lines that set only these lines off go with them: one of two neighbours, or with
    `with_blanks_before` all that precede.
    """
    comment = text[end : line_end(text, end)].strip()
    begin, stop = line_start(text, start), next_line(text, end)
    kept = f"{indent_at(text, start)}{comment}{newline_of(text)}" if comment else ""
    if not kept:
        begin, stop = _with_blanks(text, begin, stop, has_all_before=with_blanks_before)
    is_ended = text.endswith("\n") or stop < len(text)
    result = text[:begin] + kept + text[stop:]
    return result if is_ended else result.removesuffix("\n").removesuffix("\r")


def _with_blanks(text: str, begin: int, stop: int, *, has_all_before: bool) -> tuple[int, int]:
    head, is_last = text[:begin].rstrip(), not text[stop:].strip()
    first = next_line(text, len(head)) if head else 0
    if first < begin and (has_all_before or is_last):
        return first, stop
    is_set_off = (first < begin or not head) and stop < next_line(text, stop) and is_blank_line(text, stop)
    return begin, next_line(text, stop) if is_set_off else stop


def is_blank_line(text: str, position: int) -> bool:
    """Return whether the line of a position holds only white space."""
    return not text[line_start(text, position) : line_end(text, position)].strip()
