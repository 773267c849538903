"""The state of a project's stages as an answer: one line a stage, and the lines of its files and tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from devkit.api.result import Result
from devkit.report.text import clean, columns_of, counted, fitted, plain, style

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from devkit.ledger.lastrun import LastRun
    from devkit.ledger.lasttasks import LastTask
    from devkit.report.wheeldetails import FileLine

_TROUBLED = frozenset({"failed"})
_UNFINISHED = frozenset({"interrupted", "blocked"})
Cells = tuple[str, str, str]


class StageLine(Protocol):
    """What is shown of one stage."""

    @property
    def name(self) -> str:
        """The stage's name."""
        ...

    @property
    def summary(self) -> str:
        """What it is for."""
        ...

    @property
    def distribution(self) -> str:
        """The distribution that declares it."""
        ...

    @property
    def is_enabled(self) -> bool:
        """Whether the project uses it."""
        ...

    @property
    def files(self) -> int:
        """The number of files that it contributes to."""
        ...

    @property
    def drift(self) -> Mapping[str, int]:
        """How many of them would change, by verdict."""
        ...

    @property
    def findings(self) -> int:
        """How many things its plugin has found in the project."""
        ...

    @property
    def tasks(self) -> tuple[str, ...]:
        """Its tasks."""
        ...

    @property
    def last(self) -> LastRun | None:
        """How they went when last they were run, if ever."""
        ...

    @property
    def paths(self) -> Sequence[FileLine]:
        """Its files, where details are asked for."""
        ...

    @property
    def last_tasks(self) -> tuple[LastTask, ...]:
        """How each task went when last it ran, where details are asked for."""
        ...


def status_result(
    name: str,
    template: str,
    stages: Sequence[StageLine],
    *,
    now: float,
    width: int = 80,
    verbosity: int = 0,
    has_details: bool = False,
) -> Result:
    """Return the wheel: enabled stages first, then those that could be added; `now` is in seconds since the epoch."""
    source = f" from {clean(template)}" if template else ""
    lines = [style(fitted(f"{clean(name)}{source}", width), "bold")]
    used = [stage for stage in stages if stage.is_enabled]
    longest = max((columns_of(clean(stage.name)) for stage in stages), default=0)
    for stage, line in zip(used, _lines(used, longest, now, width), strict=True):
        lines.append(line)
        if verbosity > 0:
            from devkit.report.wheeldetails import detail_lines

            lines += detail_lines(stage, now=now, width=width, verbosity=verbosity)
    lines += [_offer(stage, longest, width) for stage in stages if not stage.is_enabled]
    data = {
        "project": name,
        "template": template,
        "stages": [_document(stage, has_details=has_details) for stage in stages],
    }
    return Result(schema="devkit.status/1", data=data, lines=lines)


def _lines(stages: Sequence[StageLine], longest: int, now: float, width: int) -> list[str]:
    """Return a line for each stage: in columns where these fit, else only what matters most."""
    room = width - longest - 6
    rows = [_cells(stage, now, is_brief=False) for stage in stages]
    spans = [max((columns_of(row[column]) for row in rows), default=0) for column in range(3)]
    if sum(spans) + 2 * sum(span > 0 for span in spans) > room + 2:
        rows = [_cells(stage, now, is_brief=True) for stage in stages]
        spans = [0, 0, 0]
    return [_line(stage, row, spans, longest, room) for stage, row in zip(stages, rows, strict=True)]


def _line(stage: StageLine, row: Cells, spans: Sequence[int], longest: int, room: int) -> str:
    padded = (cell + " " * (span - columns_of(cell)) for cell, span in zip(row, spans, strict=True))
    text = "  ".join(cell for cell in padded if cell).rstrip()
    text = text if columns_of(text) <= room else fitted(plain(text), room)
    mark, colour = _mark(stage)
    name = clean(stage.name)
    padding = " " * (longest - columns_of(name))
    return f"  {style(mark, colour)} {name}{padding}  {text}".rstrip()


def _mark(stage: StageLine) -> tuple[str, str]:
    ending = str(stage.last.ending) if stage.last else ""
    if ending in _TROUBLED or "conflict" in stage.drift:
        return "✗", "red"
    if stage.drift or stage.findings or ending in _UNFINISHED:
        return "!", "yellow"
    return ("~", "blue") if ending == "running" else ("✓", "green")


def _cells(stage: StageLine, now: float, *, is_brief: bool) -> Cells:
    """Return how the stage ran, what its files are like, and how much was found; in brief only what is unusual."""
    last = _last_words(stage.last, now, is_brief=is_brief) if stage.last else "not run yet" if stage.tasks else ""
    if stage.drift:
        files = style(_drift(stage.drift, is_brief=is_brief), "yellow")
    else:
        files = f"{counted(stage.files, 'file')} in order" if stage.files else ""
    found = counted(stage.findings, "finding") if stage.findings else ""
    is_dull = is_brief and not stage.drift and last
    return last, "" if is_dull else files, style(found, "yellow") if found else ""


def _drift(drift: Mapping[str, int], *, is_brief: bool) -> str:
    if is_brief and len(drift) > 1:
        return f"{sum(drift.values())} to change"
    return ", ".join(f"{count} to {clean(verdict)}" for verdict, count in drift.items())


def _offer(stage: StageLine, longest: int, width: int) -> str:
    name = clean(stage.name)
    padding = " " * (longest - columns_of(name))
    return style(fitted(f"  - {name}{padding}  not used; devkit add {name}", width), "dim")


def _document(stage: StageLine, *, has_details: bool) -> dict[str, Any]:
    document = {
        "name": stage.name,
        "summary": stage.summary,
        "distribution": stage.distribution,
        "enabled": stage.is_enabled,
        "files": stage.files,
        "drift": dict(stage.drift),
        "findings": stage.findings,
        "tasks": list(stage.tasks),
        "last_run": _last_document(stage.last) if stage.last else None,
    }
    if not has_details:
        return document
    from devkit.report.wheeldetails import details_document

    return document | details_document(stage)


def _last_words(last: LastRun, now: float, *, is_brief: bool) -> str:
    from devkit.report.lastrun import last_words

    return last_words(last, now, has_duration=not is_brief)


def _last_document(last: LastRun) -> dict[str, Any]:
    from devkit.report.lastrun import last_document

    return last_document(last)
