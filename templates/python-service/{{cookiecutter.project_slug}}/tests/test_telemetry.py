import logging
from collections.abc import AsyncIterator, Callable

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.responses import StreamingResponse
from fastapi.testclient import TestClient
from prometheus_client import REGISTRY

from {{ cookiecutter.package_name }}.request_id import HEADER
from {{ cookiecutter.package_name }}.telemetry import UNMATCHED

LOGGER = "{{ cookiecutter.package_name }}.telemetry"


def count(method: str, route: str, status: int) -> float:
    """Return how many requests have been measured under these labels."""
    labels = {"method": method, "route": route, "status": str(status)}
    return REGISTRY.get_sample_value("http_request_duration_seconds_count", labels) or 0


def measured(request: Callable[[], object], method: str, route: str, status: int) -> float:
    """Return how many requests `request` added under these labels."""
    before = count(method, route, status)
    request()
    return count(method, route, status) - before


def test_requests_are_measured_by_the_template_of_their_route(client: TestClient) -> None:
    def request() -> None:
        client.get("/notes/1")
        client.get("/notes/2")

    assert measured(request, "GET", "/notes/{note_id}", 404) == 2


def test_the_prefix_of_an_included_router_is_part_of_its_routes(
    app: FastAPI, client: TestClient
) -> None:
    router = APIRouter(prefix="/orders")
    router.add_api_route("/{order_id}", lambda order_id: order_id)
    app.include_router(router, prefix="/v1")

    assert measured(lambda: client.get("/v1/orders/7"), "GET", "/v1/orders/{order_id}", 200) == 1


def test_paths_without_a_route_share_one_label(client: TestClient) -> None:
    def request() -> None:
        client.get("/a")
        client.get("/b")

    assert measured(request, "GET", UNMATCHED, 404) == 2


def test_invented_methods_share_one_label(client: TestClient) -> None:
    def request() -> None:
        client.request("BREW", "/notes")
        client.request("STEEP", "/notes")

    assert measured(request, "OTHER", "/notes", 405) == 2


def test_requests_in_flight_are_counted(app: FastAPI, client: TestClient) -> None:
    @app.get("/gauge")
    def gauge() -> float | None:
        return REGISTRY.get_sample_value("http_requests_in_flight")

    assert client.get("/gauge").json() == 1
    assert REGISTRY.get_sample_value("http_requests_in_flight") == 0


def test_metrics_are_served_but_not_measured(client: TestClient) -> None:
    client.get("/health")

    response = client.get("/metrics")

    assert response.headers["content-type"].startswith("text/plain")
    assert 'http_request_duration_seconds_bucket{le="0.005"' in response.text
    assert "http_requests_in_flight 0.0" in response.text
    assert 'route="/metrics"' not in response.text


def test_an_error_is_answered_logged_and_measured(
    app: FastAPI, client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    @app.get("/broken")
    def broken() -> None:
        raise RuntimeError("internal detail")

    before = count("GET", "/broken", 500)
    response = client.get("/broken", headers={HEADER: "abc"})

    assert response.status_code == 500
    assert response.json() == {"detail": "Internal Server Error"}
    assert response.headers[HEADER] == "abc"
    assert "internal detail" in caplog.text
    assert count("GET", "/broken", 500) - before == 1


def test_an_error_in_the_middle_of_a_response_breaks_it_off(
    app: FastAPI, client: TestClient
) -> None:
    async def body() -> AsyncIterator[str]:
        yield "the first half"
        raise RuntimeError("no second half")

    @app.get("/half")
    def half() -> StreamingResponse:
        return StreamingResponse(body())

    with pytest.raises(RuntimeError, match="no second half"):
        client.get("/half")


def test_each_request_is_one_line_of_the_log(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, LOGGER)

    client.get("/notes/1?token=secret")
    client.get("/health")  # a probe: not worth a line

    (record,) = [record for record in caplog.records if record.name == LOGGER]
    assert record.getMessage() == "GET /notes/1 404"
    assert vars(record)["route"] == "/notes/{note_id}"
    assert vars(record)["duration_ms"] >= 0
