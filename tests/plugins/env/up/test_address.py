from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest
from devkit_env.up.address import Address, choose_address, free_port, is_free

from devkit.api import PORT_TAKEN, DevkitError

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_free_port_is_taken_as_it_is_wanted(taken: int) -> None:
    port = free_port("127.0.0.1", taken)

    assert port != taken
    assert choose_address({"PORT": str(port)}, 1) == Address(host="127.0.0.1", port=port, wanted=port)


def test_another_port_is_chosen_for_one_that_is_taken(taken: int) -> None:
    address = choose_address({}, taken)

    assert address.wanted == taken != address.port
    assert is_free("127.0.0.1", address.port)


def test_a_port_that_was_asked_for_is_not_replaced(taken: int) -> None:
    with pytest.raises(DevkitError, match=str(taken)) as caught:
        choose_address({}, 8000, asked=taken)
    assert caught.value.kind == PORT_TAKEN


@pytest.mark.parametrize("text", ["", "no", "0", "70000", "-1", "²"])
def test_a_variable_that_is_no_port_is_left_to_the_default(text: str, taken: int) -> None:
    assert choose_address({"PORT": text}, taken).wanted == taken


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:80"),
        ("0.0.0.0", "http://127.0.0.1:80"),  # noqa: S104 - nothing is bound
        ("::", "http://[::1]:80"),
        ("example.org", "http://example.org:80"),
    ],
)
def test_the_url_is_one_that_this_machine_reaches(host: str, url: str) -> None:
    assert Address(host=host, port=80, wanted=80).url == url
