"""What `devkit status -v` adds to the line of a stage: its files and its tasks, each with how it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from devkit.ledger.lastrun import Ending
from devkit.report.lastrun import ago, duration, ending_style, timestamp
from devkit.report.text import clean, columns_of, fitted, style

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from devkit.ledger.lasttasks import LastTask

_AS_IT_SHOULD_BE = frozenset({"identical"})
_INDENT = "      "
_WORD = 12
_DEEPER = _INDENT + "  "
_TIMED = frozenset({Ending.DONE, Ending.FAILED, Ending.INTERRUPTED})


class FileLine(Protocol):
    """What is shown of one file."""

    @property
    def path(self) -> str:
        """Its path in the project."""
        ...

    @property
    def verdict(self) -> str:
        """What an apply would do with it."""
        ...

    @property
    def reason(self) -> str:
        """Why, if there is more to say."""
        ...


class Detailed(Protocol):
    """A stage with its details."""

    @property
    def tasks(self) -> tuple[str, ...]:
        """Its tasks."""
        ...

    @property
    def paths(self) -> Sequence[FileLine]:
        """Its files."""
        ...

    @property
    def last_tasks(self) -> tuple[LastTask, ...]:
        """How each task went that ever ran."""
        ...


def detail_lines(stage: Detailed, *, now: float, width: int, verbosity: int) -> list[str]:
    """Return the files that are not as they should be, with more verbosity all, and each task with its last run."""
    shown = [file for file in stage.paths if verbosity > 1 or file.verdict not in _AS_IT_SHOULD_BE]
    lines = [line for file in shown for line in _file(file, width)]
    last = {task.name: task for task in stage.last_tasks}
    longest = max((columns_of(clean(name)) for name in stage.tasks), default=0)
    for name in stage.tasks:
        lines += _task(name, last.get(name), longest, now, width)
    return lines


def details_document(stage: Detailed) -> dict[str, Any]:
    """Return the details of a stage as data."""
    last = {task.name: task for task in stage.last_tasks}
    return {
        "paths": [{"path": file.path, "verdict": file.verdict, "reason": file.reason} for file in stage.paths],
        "task_runs": [_task_document(name, last.get(name)) for name in stage.tasks],
    }


def _file(file: FileLine, width: int) -> Iterator[str]:
    word = f"{file.verdict:<{_WORD}}"
    is_fine = file.verdict in _AS_IT_SHOULD_BE
    yield f"{_INDENT}{style(word, 'dim' if is_fine else 'yellow')}{fitted(clean(file.path), width - 6 - _WORD)}"
    if file.reason:
        yield from _wrapped(clean(file.reason), width)


def _task(name: str, last: LastTask | None, longest: int, now: float, width: int) -> Iterator[str]:
    name = clean(name)
    word, about = _how(last, now)
    first = f"{name}{' ' * (longest - columns_of(name))}  {about}"
    if len(_INDENT) + _WORD + columns_of(first) > width:
        yield f"{_INDENT}{word}{fitted(name, width - len(_INDENT) - _WORD)}"
        yield from _wrapped(about, width)
    else:
        yield f"{_INDENT}{word}{first}"
    if last is not None and last.reason:
        yield from _wrapped(clean(last.reason), width)
    if last is not None and last.figures:
        yield from _wrapped(", ".join(f"{clean(key)} {_figure(value)}" for key, value in last.figures.items()), width)


def _how(last: LastTask | None, now: float) -> tuple[str, str]:
    """Return how a task went, in its column, and when and in what time."""
    if last is None:
        return f"{'-':<{_WORD}}", "never run"
    word, colour = ending_style(last.ending)
    when = "" if last.ending is Ending.RUNNING else ago(now - last.started)
    lasting = f" in {duration(last.seconds)}" if last.seconds is not None and last.ending in _TIMED else ""
    return style(f"{word:<{_WORD}}", colour), f"{when}{lasting}"


def _figure(value: str | float) -> str:
    return f"{value:g}" if isinstance(value, float) else clean(str(value))


def _wrapped(text: str, width: int) -> list[str]:
    import textwrap

    room = max(width - len(_DEEPER), 16)
    return [style(f"{_DEEPER}{line}", "dim") for line in textwrap.wrap(text, room, break_on_hyphens=False)]


def _task_document(name: str, last: LastTask | None) -> dict[str, Any]:
    if last is None:
        return {"task": name, "outcome": None}
    return {
        "task": name,
        "outcome": str(last.ending),
        "started": timestamp(last.started),
        "seconds": None if last.seconds is None else round(last.seconds, 3),
        "reason": last.reason,
        "commit": last.commit,
        "figures": dict(last.figures),
    }
