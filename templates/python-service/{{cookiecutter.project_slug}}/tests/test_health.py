import asyncio

from fastapi import FastAPI
from fastapi.testclient import TestClient

from {{ cookiecutter.package_name }}.app import create_app
from {{ cookiecutter.package_name }}.settings import Settings


async def passes() -> None:
    """Stand for something that is there."""


async def fails() -> None:
    raise ConnectionError("password for db.internal refused")


async def hangs() -> None:
    await asyncio.Event().wait()


def test_a_process_that_answers_is_alive(client: TestClient) -> None:
    response = client.get("/health")

    assert response.status_code == 200
    assert response.json() == {"status": "ok"}


def test_a_service_whose_database_answers_is_ready(client: TestClient) -> None:
    response = client.get("/ready")

    assert response.status_code == 200
    assert response.json() == {"status": "ready", "checks": {"database": "ok"}}


def test_one_failing_check_makes_the_service_not_ready(app: FastAPI, client: TestClient) -> None:
    app.state.readiness.add("cache", passes)
    app.state.readiness.add("database", fails)  # in place of the real one

    response = client.get("/ready")

    assert response.status_code == 503
    assert response.json() == {
        "status": "not ready",
        "checks": {"cache": "ok", "database": "failed"},
    }


def test_a_check_that_hangs_fails(settings: Settings) -> None:
    app = create_app(settings.model_copy(update={"ready_timeout_seconds": 0.01}))
    app.state.readiness.add("broker", hangs)

    assert TestClient(app).get("/ready").json()["checks"] == {"broker": "failed"}


def test_a_failing_check_does_not_affect_liveness(app: FastAPI, client: TestClient) -> None:
    app.state.readiness.add("database", fails)

    assert client.get("/health").status_code == 200


def test_a_draining_service_is_not_ready_but_still_answers(
    app: FastAPI, client: TestClient
) -> None:
    app.state.readiness.drain()

    assert client.get("/ready").status_code == 503
    assert client.get("/notes").status_code == 200
