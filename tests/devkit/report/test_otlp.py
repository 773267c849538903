from __future__ import annotations

from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import ClassVar

import pytest

from devkit.report.otlp import Collector, pairs

ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"
TRACES = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"


@pytest.mark.parametrize(
    ("environ", "address"),
    [
        ({ENDPOINT: "http://localhost:4318"}, "http://localhost:4318/v1/traces"),
        ({ENDPOINT: "http://localhost:4318/otlp/"}, "http://localhost:4318/otlp/v1/traces"),
        ({TRACES: "http://localhost:4318/own"}, "http://localhost:4318/own"),
        ({ENDPOINT: "http://a", TRACES: "http://b/c"}, "http://b/c"),
    ],
)
def test_the_address_is_made_as_the_specification_says(environ: dict[str, str], address: str) -> None:
    collector = Collector.of(environ)
    assert collector is not None
    assert collector.address == address


@pytest.mark.parametrize(
    "environ",
    [
        {},
        {ENDPOINT: " "},
        {ENDPOINT: "http://a", "OTEL_SDK_DISABLED": "true"},
        {ENDPOINT: "http://a", "OTEL_TRACES_EXPORTER": "none"},
    ],
)
def test_without_an_endpoint_or_switched_off_nothing_is_sent(environ: dict[str, str]) -> None:
    assert Collector.of(environ) is None


def test_headers_and_time_come_from_the_environment_and_time_is_bounded() -> None:
    collector = Collector.of({
        ENDPOINT: "http://a",
        "OTEL_EXPORTER_OTLP_HEADERS": "api-key=s%20e, x=1",
        "OTEL_EXPORTER_OTLP_TIMEOUT": "500",
    })  # fmt: skip
    assert collector is not None
    assert (collector.headers, collector.timeout) == ({"api-key": "s e", "x": "1"}, 0.5)
    assert "s e" not in repr(collector)
    slow = Collector.of({ENDPOINT: "http://a", "OTEL_EXPORTER_OTLP_TIMEOUT": "100000"})
    assert slow is not None
    assert slow.timeout == 3


def test_pairs_that_are_none_are_left_out() -> None:
    assert pairs("a=1,,b,=2,c=") == {"a": "1", "c": ""}


@pytest.mark.parametrize(
    "address", ["http://user:secret@127.0.0.1:1/v1/traces", "ftp://127.0.0.1/", "nonsense", "http://["]
)
def test_a_collector_that_cannot_be_reached_is_a_finding_without_secrets(address: str) -> None:
    finding = Collector(address=address).post({})
    assert finding is not None
    assert (finding.code, "secret" in finding.message) == ("DK0840", False)


class _Elsewhere(BaseHTTPRequestHandler):
    """Sends a client elsewhere, and writes down which paths it asked for."""

    asked: ClassVar[list[str]] = []

    def do_POST(self) -> None:
        self.asked.append(self.path)
        self.send_response(302)
        self.send_header("Location", "/elsewhere")
        self.end_headers()

    do_GET = do_POST  # noqa: N815 - the name is asked for by http.server

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_headers_are_not_carried_to_where_a_collector_leads() -> None:
    with HTTPServer(("127.0.0.1", 0), _Elsewhere) as server:
        serving = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        serving.start()
        address = f"http://127.0.0.1:{server.server_port}/v1/traces"
        finding = Collector(address=address, headers={"api-key": "secret"}).post({})
        server.shutdown()
        serving.join()

    assert _Elsewhere.asked == ["/v1/traces"]
    assert finding is not None
    assert "302" in finding.message
