"""A run as OpenTelemetry spans: one for the run, one a stage, one a task; posted as OTLP over HTTP in JSON.

Trace context: www.w3.org/TR/trace-context-1. Encoding: opentelemetry.io/docs/specs/otlp (JSON Protobuf encoding).
Variables: opentelemetry.io/docs/specs/otel/protocol/exporter. Names: semantic conventions for CI/CD.
"""

from __future__ import annotations

import os
import re
import time
from typing import TYPE_CHECKING, Any, Self

from msgspec import Struct, field

from devkit import __version__
from devkit.api.tasks import Outcome
from devkit.errors import KINDS
from devkit.report.events import TaskEnded, TaskStarted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from devkit.api.tasks import TaskOutcome
    from devkit.report.events import Event

_PARENT = re.compile(r"(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?")
_SAMPLED = 1
_OK, _ERROR = 1, 2
_RESULTS = {
    Outcome.DONE: "success",
    Outcome.SKIPPED: "skip",
    Outcome.BLOCKED: "skip",
    Outcome.FAILED: "failure",
    Outcome.INTERRUPTED: "cancellation",
}
Attributes = dict[str, str | int | float]


class _Span(Struct, frozen=True):
    name: str
    number: str
    parent: str
    began: int
    ended: int
    attributes: Attributes
    problem: str | None = None


class Tracing(Struct, kw_only=True):
    """The spans of one run; times come from one clock that only grows, set to the time of day when the run began."""

    command: str
    trace: str
    parent: str
    root: str = field(default_factory=lambda: _number(8))
    _wall: int = field(default_factory=time.time_ns)
    _ticks: int = field(default_factory=time.monotonic_ns)
    _numbers: dict[str, str] = field(default_factory=dict)
    _starts: dict[str, int] = field(default_factory=dict)
    _tasks: list[tuple[TaskOutcome, int, int]] = field(default_factory=list)

    @classmethod
    def begin(cls, command: str, environ: Mapping[str, str]) -> Self | None:
        """Return the tracing of a run that begins now; `None` where the trace that it is part of is not sampled."""
        match = _PARENT.fullmatch(environ.get("TRACEPARENT", "").strip())
        if match is None:
            return cls(command=command, trace=_number(16), parent="")
        return cls(command=command, trace=match[1], parent=match[2]) if int(match[3], 16) & _SAMPLED else None

    def traceparent(self, task: str) -> str:
        """Return what tells the programs of a task which span they are part of."""
        return f"00-{self.trace}-{self._numbers.setdefault(task, _number(8))}-01"

    def hear(self, event: Event) -> None:
        """Note when a task begins and ends."""
        match event:
            case TaskStarted(task=task):
                self._starts[task.name] = self._now()
            case TaskEnded(outcome=outcome):
                now = self._now()
                self._tasks.append((outcome, self._starts.pop(outcome.task, now), now))
            case _:
                return

    def document(self, environ: Mapping[str, str]) -> dict[str, Any]:
        """Return the spans of the run, which ends now, as OTLP has them."""
        scope = {"name": "devkit", "version": __version__}
        spans = [_span(each, self.trace) for each in self._spans()]
        resource = {"attributes": _attributes(_resource(environ))}
        return {"resourceSpans": [{"resource": resource, "scopeSpans": [{"scope": scope, "spans": spans}]}]}

    def _spans(self) -> list[_Span]:
        stages: dict[str, list[tuple[TaskOutcome, int, int]]] = {}
        for task in self._tasks:
            stages.setdefault(task[0].task.partition(":")[0], []).append(task)
        attributes: Attributes = {"cicd.pipeline.name": self.command, "cicd.pipeline.result": _result(self._tasks)}
        problem = _problem(self._tasks)
        found = [
            _Span(f"devkit {self.command}", self.root, self.parent, self._wall, self._now(), attributes, problem)
        ]
        for stage, tasks in stages.items():
            number = _number(8)
            ends = min(began for _, began, _ in tasks), max(ended for _, _, ended in tasks)
            found.append(_Span(stage, number, self.root, *ends, {"devkit.stage": stage}, _problem(tasks)))
            found += [self._task_span(number, *task) for task in tasks]
        return found

    def _task_span(self, stage: str, outcome: TaskOutcome, began: int, ended: int) -> _Span:
        attributes: Attributes = {
            "cicd.pipeline.task.name": outcome.task,
            "cicd.pipeline.task.run.result": _RESULTS[outcome.outcome],
        }
        attributes |= {f"devkit.figure.{name}": value for name, value in outcome.figures.items()}
        number = self._numbers.setdefault(outcome.task, _number(8))
        return _Span(outcome.task, number, stage, began, ended, attributes, _problem([(outcome, began, ended)]))

    def _now(self) -> int:
        return self._wall + time.monotonic_ns() - self._ticks


def _number(size: int) -> str:
    """Return a random number of so many bytes that is not zero."""
    return (os.urandom(size - 1) + b"\x01").hex()


def _result(tasks: Sequence[tuple[TaskOutcome, int, int]]) -> str:
    outcomes = {outcome.outcome for outcome, _, _ in tasks}
    return next((_RESULTS[bad] for bad in (Outcome.FAILED, Outcome.INTERRUPTED) if bad in outcomes), "success")


def _problem(tasks: Sequence[tuple[TaskOutcome, int, int]]) -> str | None:
    """Return the kind of the first failure, which holds no words of a task, or `None`."""
    failed = next((outcome for outcome, _, _ in tasks if outcome.outcome is Outcome.FAILED), None)
    if failed is None:
        return None
    kind = KINDS.get(failed.code)
    return f"{kind.title} ({kind.code})" if kind else "it failed"


def _resource(environ: Mapping[str, str]) -> Attributes:
    from devkit.report.otlp import pairs

    given = pairs(environ.get("OTEL_RESOURCE_ATTRIBUTES", ""))
    name = environ.get("OTEL_SERVICE_NAME") or given.get("service.name") or "devkit"
    return {**given, "service.name": name}


def _span(span: _Span, trace: str) -> dict[str, Any]:
    status = {"code": _OK} if span.problem is None else {"code": _ERROR, "message": span.problem}
    return {
        "traceId": trace,
        "spanId": span.number,
        **({"parentSpanId": span.parent} if span.parent else {}),
        "name": span.name,
        "kind": 1,
        "startTimeUnixNano": str(span.began),
        "endTimeUnixNano": str(span.ended),
        "attributes": _attributes(span.attributes),
        "status": status,
    }


def _attributes(values: Attributes) -> list[dict[str, Any]]:
    return [{"key": key, "value": _value(value)} for key, value in values.items()]


def _value(value: str | float) -> dict[str, Any]:
    match value:
        case str():
            return {"stringValue": value}
        case int():
            return {"intValue": str(value)}
        case _:
            return {"doubleValue": value}
