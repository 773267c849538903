from __future__ import annotations

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
