import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from {{ cookiecutter.package_name }}.request_id import HEADER, current_request_id


def test_the_id_of_the_client_is_kept(client: TestClient) -> None:
    response = client.get("/health", headers={HEADER: "order-42:retry.1"})

    assert response.headers[HEADER] == "order-42:retry.1"


def test_each_request_without_an_id_gets_one_of_its_own(client: TestClient) -> None:
    ids = {client.get("/health").headers[HEADER] for _ in range(3)}

    assert len(ids) == 3
    assert all(len(request_id) == 32 for request_id in ids)


@pytest.mark.parametrize("received", ["", "two words", "x" * 129, '"},{"level":"forged'])
def test_an_unsuitable_id_is_replaced(client: TestClient, received: str) -> None:
    response = client.get("/health", headers={HEADER: received})

    assert len(response.headers[HEADER]) == 32


def test_answers_to_unknown_paths_carry_an_id_too(client: TestClient) -> None:
    response = client.get("/nowhere", headers={HEADER: "abc"})

    assert response.status_code == 404
    assert response.headers[HEADER] == "abc"


def test_endpoints_see_the_id(app: FastAPI, client: TestClient) -> None:
    @app.get("/in-thread")
    def in_thread() -> str | None:
        return current_request_id.get()

    assert client.get("/in-thread", headers={HEADER: "abc"}).json() == "abc"
