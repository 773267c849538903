"""The state of a project's stages as an answer: one line a stage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from devkit.api.result import Result
from devkit.report.text import clean, style

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from devkit.ledger.lastrun import LastRun


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
    def tasks(self) -> tuple[str, ...]:
        """Its tasks."""
        ...

    @property
    def last(self) -> LastRun | None:
        """How they went when last they were run, if ever."""
        ...


def status_result(name: str, template: str, stages: Sequence[StageLine], *, now: float) -> Result:
    """Return the wheel: enabled stages first, then those that could be added; `now` is in seconds since the epoch."""
    width = max((len(clean(stage.name)) for stage in stages), default=0)
    source = f" from {clean(template)}" if template else ""
    lines = [f"{style(clean(name), 'bold')}{source}"]
    lines += [_line(stage, width, now) for stage in stages if stage.is_enabled]
    lines += [_offer(stage, width) for stage in stages if not stage.is_enabled]
    data = {"project": name, "template": template, "stages": [_document(stage) for stage in stages]}
    return Result(schema="devkit.status/1", data=data, lines=lines)


def _line(stage: StageLine, width: int, now: float) -> str:
    if stage.drift:
        mark, words = (
            style("!", "yellow"),
            ", ".join(f"{count} to {clean(verdict)}" for verdict, count in stage.drift.items()),
        )
    else:
        mark, words = style("=", "green"), "as it should be" if stage.files else "no files of its own"
    last = f"; {_last_words(stage.last, now)}" if stage.last else ""
    tasks = style(f"  {clean(' '.join(stage.tasks))}", "dim") if stage.tasks else ""
    return f"  {mark} {clean(stage.name):<{width}}  {words}{last}{tasks}"


def _offer(stage: StageLine, width: int) -> str:
    name = clean(stage.name)
    return style(f"  - {name:<{width}}  not used; devkit add {name}", "dim")


def _document(stage: StageLine) -> dict[str, Any]:
    return {
        "name": stage.name,
        "summary": stage.summary,
        "distribution": stage.distribution,
        "enabled": stage.is_enabled,
        "files": stage.files,
        "drift": dict(stage.drift),
        "tasks": list(stage.tasks),
        "last_run": _last_document(stage.last) if stage.last else None,
    }


def _last_words(last: LastRun, now: float) -> str:
    from devkit.report.lastrun import last_words

    return last_words(last, now)


def _last_document(last: LastRun) -> dict[str, Any]:
    from devkit.report.lastrun import last_document

    return last_document(last)
