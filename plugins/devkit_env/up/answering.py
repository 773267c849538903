"""Asking the application whether it is there, and what it offers."""

from __future__ import annotations

from http.client import HTTPConnection, HTTPException
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from devkit_env.up.address import Address

_PATIENCE = 1.0
"""Seconds for an answer while the application may not be there yet."""
_LONGER = 5.0
"""Seconds for one once it is."""
_REFUSED = 400
_BROKEN = 500


def status(address: Address, path: str, patience: float = _PATIENCE) -> int | None:
    """Return the status of an answer, `None` when there is none in so many seconds; no proxy is asked."""
    connection = HTTPConnection(address.reachable, address.port, timeout=patience)
    try:
        connection.request("GET", path, headers={"Accept": "*/*"})
        return connection.getresponse().status
    except (OSError, HTTPException):
        return None
    finally:
        connection.close()


def answers(address: Address, path: str) -> bool:
    """Whether the application is there: it answers, and does not say that it is broken."""
    code = status(address, path)
    return code is not None and code < _BROKEN


def offered(address: Address, paths: Iterable[str]) -> list[str]:
    """Return those of some paths that the application answers."""
    return [path for path in paths if (code := status(address, path, _LONGER)) is not None and code < _REFUSED]
