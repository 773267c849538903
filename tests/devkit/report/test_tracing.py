from __future__ import annotations

from typing import Any

import pytest

from devkit.api import Outcome, RunCommand, Task, TaskOutcome
from devkit.report.events import TaskEnded, TaskStarted
from devkit.report.tracing import Tracing

TRACE, PARENT = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
TRACEPARENT = f"00-{TRACE}-{PARENT}-01"


def traced(environ: dict[str, str] | None = None) -> tuple[Tracing, dict[str, dict[str, Any]]]:
    tracing = Tracing.begin("run", environ or {})
    assert tracing is not None
    tracing.hear(TaskStarted(Task(name="test:unit", action=RunCommand(argv=("true",)))))
    figures: dict[str, str | int | float] = {"passed": 3, "coverage": 81.5, "slowest": "a"}
    tracing.hear(TaskEnded(TaskOutcome(task="test:unit", outcome=Outcome.DONE, seconds=1, figures=figures)))
    tracing.hear(TaskEnded(TaskOutcome(task="test:lint", outcome=Outcome.FAILED, code="DK0801", reason="secret")))
    document = tracing.document(environ or {})
    spans = document["resourceSpans"][0]["scopeSpans"][0]["spans"]
    return tracing, {span["name"]: span for span in spans}


def attributes(span: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {each["key"]: each["value"] for each in span["attributes"]}


def test_the_run_holds_its_stages_and_these_their_tasks() -> None:
    _, spans = traced()

    assert list(spans) == ["devkit run", "test", "test:unit", "test:lint"]
    assert "parentSpanId" not in spans["devkit run"]
    assert spans["test"]["parentSpanId"] == spans["devkit run"]["spanId"]
    assert {spans[name]["parentSpanId"] for name in ("test:unit", "test:lint")} == {spans["test"]["spanId"]}
    assert len({span["traceId"] for span in spans.values()}) == 1
    assert len({span["spanId"] for span in spans.values()}) == 4
    for span in spans.values():
        assert int(span["startTimeUnixNano"]) <= int(span["endTimeUnixNano"])


def test_outcomes_and_figures_are_attributes_and_words_of_a_task_are_not() -> None:
    _, spans = traced()

    assert attributes(spans["test:unit"]) == {
        "cicd.pipeline.task.name": {"stringValue": "test:unit"},
        "cicd.pipeline.task.run.result": {"stringValue": "success"},
        "devkit.figure.passed": {"intValue": "3"},
        "devkit.figure.coverage": {"doubleValue": 81.5},
        "devkit.figure.slowest": {"stringValue": "a"},
    }
    assert spans["test:lint"]["status"] == {"code": 2, "message": "a task failed (DK0801)"}
    assert attributes(spans["devkit run"])["cicd.pipeline.result"] == {"stringValue": "failure"}


def test_a_trace_of_the_environment_goes_on() -> None:
    tracing, spans = traced({"TRACEPARENT": TRACEPARENT})

    assert (spans["devkit run"]["traceId"], spans["devkit run"]["parentSpanId"]) == (TRACE, PARENT)
    assert tracing.traceparent("test:unit") == f"00-{TRACE}-{spans['test:unit']['spanId']}-01"


@pytest.mark.parametrize(
    "text", ["", "00-0-0-01", f"ff-{TRACE}-{PARENT}-01", f"00-{'0' * 32}-{PARENT}-01", f"00-{TRACE}-{'0' * 16}-01"]
)
def test_what_is_no_trace_parent_begins_a_new_trace(text: str) -> None:
    _, spans = traced({"TRACEPARENT": text})

    assert "parentSpanId" not in spans["devkit run"]


def test_a_trace_that_is_not_sampled_is_not_told() -> None:
    assert Tracing.begin("run", {"TRACEPARENT": f"00-{TRACE}-{PARENT}-00"}) is None


def test_the_resource_is_named_by_the_environment() -> None:
    environ = {"OTEL_SERVICE_NAME": "shop-ci", "OTEL_RESOURCE_ATTRIBUTES": "service.name=x,team=a%20b"}
    tracing = Tracing.begin("run", environ)
    assert tracing is not None
    resource = tracing.document(environ)["resourceSpans"][0]["resource"]
    assert attributes(resource) == {"service.name": {"stringValue": "shop-ci"}, "team": {"stringValue": "a b"}}
