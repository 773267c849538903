"""The example feature: replace it together with `notes.py`."""

from fastapi.testclient import TestClient


def test_a_created_note_can_be_read(client: TestClient) -> None:
    created = client.post("/notes", json={"text": "buy milk"})

    assert created.status_code == 201
    read = client.get(created.headers["Location"])
    assert read.json() == created.json() == {"id": 1, "text": "buy milk"}


def test_notes_are_listed_oldest_first(client: TestClient) -> None:
    for text in ("first", "second"):
        client.post("/notes", json={"text": text})

    assert [note["text"] for note in client.get("/notes").json()] == ["first", "second"]


def test_an_unknown_note_is_not_found(client: TestClient) -> None:
    response = client.get("/notes/1")

    assert response.status_code == 404
    assert response.json() == {"detail": "No such note"}


def test_an_empty_note_is_refused(client: TestClient) -> None:
    response = client.post("/notes", json={"text": ""})

    assert response.status_code == 422
    assert client.get("/notes").json() == []
