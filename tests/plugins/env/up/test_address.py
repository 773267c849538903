from __future__ import annotations

import socket
import sys
from typing import TYPE_CHECKING

import pytest
from devkit_env.up.address import Address, Ports, choose_address, is_free

from devkit.api import PORT_TAKEN, DevkitError

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
def ports() -> Iterator[Ports]:
    with Ports() as found:
        yield found


def test_a_free_port_is_taken_as_it_is_wanted(ports: Ports, taken: int) -> None:
    port = ports.find("127.0.0.1", taken)

    assert port != taken
    assert choose_address(ports, {"PORT": str(port)}, 1) == Address(host="127.0.0.1", port=port, wanted=port)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no abstract sockets")
def test_a_port_on_which_nobody_listens_yet_is_not_chosen_by_two(ports: Ports, taken: int) -> None:
    first = choose_address(ports, {}, taken)
    with Ports() as others:
        second = choose_address(others, {}, taken)
        with pytest.raises(DevkitError, match=f"port {first.port} of 127.0.0.1 is taken"):
            choose_address(others, {}, taken, asked=first.port)

    assert first.port != second.port
    assert ports.take("127.0.0.1", second.port), "it was given back"


def test_another_port_is_chosen_for_one_that_is_taken(ports: Ports, taken: int) -> None:
    address = choose_address(ports, {}, taken)

    assert address.wanted == taken != address.port
    assert is_free("127.0.0.1", address.port)


def test_a_port_that_was_asked_for_is_not_replaced(ports: Ports, taken: int) -> None:
    with pytest.raises(DevkitError, match=str(taken)) as caught:
        choose_address(ports, {}, 8000, asked=taken)
    assert caught.value.kind == PORT_TAKEN


@pytest.mark.parametrize("text", ["", "no", "0", "70000", "-1", "²"])
def test_a_variable_that_is_no_port_is_left_to_the_default(text: str, ports: Ports, taken: int) -> None:
    assert choose_address(ports, {"PORT": text}, taken).wanted == taken


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
