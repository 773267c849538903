from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Any

import pytest
from devkit_env.up.address import Address
from devkit_env.up.answering import answers, offered, status

if TYPE_CHECKING:
    from collections.abc import Iterator


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        codes = {"/health": 200, "/broken": 503}
        self.send_response(codes.get(self.path, 404))
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def address() -> Iterator[Address]:
    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
        yield Address(host="127.0.0.1", port=server.server_port, wanted=0)
        server.shutdown()


def test_an_application_that_answers_is_there(address: Address) -> None:
    assert answers(address, "/health")
    assert answers(address, "/unknown"), "an application need not have the path that is asked"


def test_a_broken_application_is_not_there_yet(address: Address) -> None:
    assert not answers(address, "/broken")


def test_only_what_is_there_is_offered(address: Address) -> None:
    assert offered(address, ("/health", "/metrics")) == ["/health"]


def test_silence_is_no_answer(address: Address) -> None:
    nobody = Address(host="127.0.0.1", port=1, wanted=1)

    assert status(nobody, "/") is None
    assert not answers(nobody, "/")
    assert address.port != 1
