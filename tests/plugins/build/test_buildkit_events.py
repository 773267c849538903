from __future__ import annotations

import base64
import json
from typing import Any

from devkit_build.buildkit_events import RawEvents

STARTED = "2026-01-02T03:04:05.123456789Z"
COMPLETED = "2026-01-02T03:04:07.623456789Z"


def vertex(name: str, **fields: Any) -> str:
    return json.dumps({"vertexes": [{"digest": f"sha256:{name}", "name": name, **fields}]})


def log(name: str, text: str | bytes, stream: int = 1) -> str:
    data = base64.b64encode(text if isinstance(text, bytes) else text.encode()).decode()
    return json.dumps({"logs": [{"vertex": f"sha256:{name}", "stream": stream, "data": data}]})


def read(*lines: str) -> tuple[RawEvents, list[str]]:
    told: list[str] = []
    events = RawEvents(told.append)
    for line in lines:
        events.take(line)
    return events, told


def test_a_step_has_a_name_a_duration_and_what_it_printed() -> None:
    name = "[app 2/4] RUN make"
    events, told = read(
        vertex(name, started=STARTED), log(name, "one\ntwo\n"), vertex(name, started=STARTED, completed=COMPLETED)
    )

    (step,) = events.steps.of_dockerfile()
    assert (step.instruction, step.stage, step.seconds, list(step.output)) == ("RUN make", "app", 2.5, ["one", "two"])
    assert told == [name, "one", "two", f"   2.5 s {name}"]


def test_a_line_that_comes_in_pieces_is_one_line_of_its_step_and_stream() -> None:
    events, told = read(
        vertex("[a 1/1] RUN make", started=STARTED),
        vertex("[b 1/1] RUN make", started=STARTED),
        log("[a 1/1] RUN make", b"downloading " + "ä".encode()[:1]),
        log("[a 1/1] RUN make", "warning: ", stream=2),
        log("[b 1/1] RUN make", "other\n"),
        log("[a 1/1] RUN make", "ä".encode()[1:] + b"x\r\nlast"),
        log("[a 1/1] RUN make", "slow\n", stream=2),
        vertex("[a 1/1] RUN make", started=STARTED, completed=COMPLETED),
    )

    first, second = events.steps.of_dockerfile()
    assert list(first.output) == ["downloading äx", "warning: slow", "last"]
    assert list(second.output) == ["other"]
    assert told[2:6] == ["other", "downloading äx", "warning: slow", "last"]


def test_the_end_of_a_line_that_was_cut_off_is_not_lost() -> None:
    events, told = read(vertex("[1/1] RUN make", started=STARTED), log("[1/1] RUN make", "half a line"))
    assert told == ["[1/1] RUN make"]

    events.finish()

    assert told[1:] == ["half a line"]
    assert list(next(events.steps.of_dockerfile()).output) == ["half a line"]


def test_a_step_from_the_cache_says_so() -> None:
    events, told = read(vertex("[2/2] COPY . .", started=STARTED, completed=STARTED, cached=True))

    assert events.steps.documents() == [{"name": "[2/2] COPY . .", "cached": True, "seconds": 0.0}]
    assert told == ["cached   [2/2] COPY . ."]


def test_the_steps_of_the_builder_itself_are_not_told_of() -> None:
    events, told = read(vertex("[internal] load .dockerignore", started=STARTED, completed=COMPLETED))

    assert told == []
    assert events.steps.documents() == []


def test_the_step_that_failed_is_not_one_that_was_cancelled_for_it() -> None:
    events, _ = read(
        vertex("[a 1/1] RUN sleep", error="context canceled: context canceled"),
        vertex("[b 1/1] RUN false", error="process did not complete successfully: exit code: 1"),
    )

    failed = events.steps.failed()
    assert failed is not None
    assert failed.name == "[b 1/1] RUN false"


def test_what_is_no_event_is_kept_as_words() -> None:
    events, _ = read("ERROR: failed to build: something", "", "[]", '{"vertexes": null}')

    assert events.words == ["ERROR: failed to build: something", "", "[]"]


def test_an_event_that_came_in_pieces_is_put_together() -> None:
    line = vertex("[1/1] RUN make", started=STARTED, completed=COMPLETED)
    events, _ = read(line[:20], line[20:50], line[50:])

    assert len(events.steps.found) == 1


def test_an_event_may_be_laid_out_over_several_lines() -> None:
    event = json.loads(vertex("[1/1] RUN make", started=STARTED, completed=COMPLETED))
    lines = [*json.dumps(event, indent=2).splitlines(), *json.dumps(event, indent=2).splitlines(), "ERROR: no"]
    events, told = read(*lines)

    assert told == ["   2.5 s [1/1] RUN make"]
    assert events.words == ["ERROR: no"]


def test_strange_events_do_no_harm() -> None:
    events, _ = read(
        '{"vertexes": [{"digest": "a", "name": "[1/1] RUN a", "started": "soon", "completed": "later"}]}',
        '{"logs": [{"vertex": "unknown", "data": "###"}]}',
        '{"warnings": [{"short": "aGludA=="}]}',
    )

    assert events.steps.warnings == ["hint"]
