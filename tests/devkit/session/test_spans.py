from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from devkit.testing import DevkitProject

CONFIG = """\
[tasks.good]
run = ["sh", "-c", "echo $TRACEPARENT > seen"]
[tasks.bad]
run = ["sh", "-c", "exit 3"]
"""


class Receiver(HTTPServer):
    """A collector on loopback, which remembers what it was sent."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.status = 200
        self.received: list[tuple[str, str, Any]] = []


class Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.received.append((self.path, self.headers["Content-Type"], json.loads(body)))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def project(
    devkit_project: Callable[..., DevkitProject], receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> DevkitProject:
    made = devkit_project({"devkit.toml": CONFIG})
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{receiver.server_port}")
    return made


def test_the_spans_of_a_run_are_sent_and_its_programs_know_theirs(project: DevkitProject, receiver: Receiver) -> None:
    assert project.run("run", "good").code == 0

    ((path, kind, document),) = receiver.received
    assert (path, kind) == ("/v1/traces", "application/json")
    spans = {span["name"]: span for span in document["resourceSpans"][0]["scopeSpans"][0]["spans"]}
    assert list(spans) == ["devkit run", "project", "project:good"]
    task = spans["project:good"]
    assert project.read("seen").strip() == f"00-{task['traceId']}-{task['spanId']}-01"


def test_a_failed_run_is_sent_too(project: DevkitProject, receiver: Receiver) -> None:
    assert project.run("run", "bad").code == 1
    assert len(receiver.received) == 1


def test_a_collector_that_refuses_is_a_warning(project: DevkitProject, receiver: Receiver) -> None:
    receiver.status = 503

    ran = project.run("run", "good")

    assert ran.code == 0
    assert "warning[DK0840]: the spans of this run could not be sent to http://127.0.0.1:" in ran.stderr


def test_offline_nothing_is_sent(project: DevkitProject, receiver: Receiver) -> None:
    assert project.run("run", "good", "--offline").code == 0
    assert receiver.received == []
    assert project.read("seen") == "\n"
