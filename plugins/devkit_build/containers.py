"""Containers that are made for a look at an image, and are gone afterwards."""

from __future__ import annotations

import os
import socket
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

LABEL = "dev.devkit.throwaway"
"""Names the process that a container is for."""


@contextmanager
def throwaway(
    client: Any,
    image: str,
    *,
    command: Sequence[str] | None = None,
    port_bindings: Mapping[int, Any] | None = None,
    environment: Mapping[str, str] | None = None,
) -> Iterator[str]:
    """Make a container of an image; it is gone in the end with its volumes, as are those of processes that died."""
    _remove_left(client)
    bindings = dict(port_bindings or {})
    container = client.create_container(
        image,
        command=list(command) if command else None,
        environment=dict(environment or {}),
        ports=list(bindings),
        labels={LABEL: _owner()},
        host_config=client.create_host_config(port_bindings=bindings),
    )["Id"]
    try:
        yield container
    finally:
        client.remove_container(container, force=True, v=True)


def _remove_left(client: Any) -> None:
    """Remove the containers of processes of this machine that were killed before they could."""
    from docker.errors import APIError

    for found in client.containers(all=True, filters={"label": LABEL}):
        if is_left((found.get("Labels") or {}).get(LABEL, "")):
            with suppress(APIError):  # another process may do the same
                client.remove_container(found["Id"], force=True, v=True)


def is_left(owner: str) -> bool:
    """Whether an owner is a process of this machine that is no more."""
    host, _, process = owner.rpartition(":")
    if host != socket.gethostname() or not process.isdecimal():
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False


def _owner() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"
