"""Registries that fail: one that loses the connection when it is sent certain tags, and one that never answers."""

from __future__ import annotations

import re
import socket
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_MANIFEST = re.compile(rb"PUT /v2/\S+/manifests/(\S+) HTTP")


@contextmanager
def losing(registry: str, tags: set[str]) -> Iterator[str]:
    """Stand before a registry; hang up when the manifest of one of the tags comes, as a registry that dies does."""
    host, _, port = registry.partition(":")
    with _listening() as (listener, address):

        def serve() -> None:
            while (client := _accepted(listener)) is not None:
                upstream = socket.create_connection((host, int(port)))
                for source, sink in ((client, upstream), (upstream, client)):
                    threading.Thread(target=_copy, args=(source, sink, tags), daemon=True).start()

        threading.Thread(target=serve, daemon=True).start()
        yield address


@contextmanager
def silent() -> Iterator[str]:
    """Accept connections and say nothing."""
    with _listening() as (_, address):
        yield address


@contextmanager
def _listening() -> Iterator[tuple[socket.socket, str]]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener, f"127.0.0.1:{listener.getsockname()[1]}"


def _accepted(listener: socket.socket) -> socket.socket | None:
    try:
        return listener.accept()[0]
    except OSError:
        return None


def _copy(source: socket.socket, sink: socket.socket, tags: set[str]) -> None:
    try:
        while data := source.recv(65536):
            found = _MANIFEST.search(data)
            if found and found[1].decode() in tags:
                break
            sink.sendall(data)
    except OSError:
        pass
    for end in (source, sink):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()
