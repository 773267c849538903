"""Where a program listens: the port that is wanted, or the next one that is free."""

from __future__ import annotations

import errno
import sys
from typing import TYPE_CHECKING, Self

from msgspec import Struct

from devkit.api import PORT_TAKEN, DevkitError
from devkit_env.ports import LARGEST_PORT, port_number

if TYPE_CHECKING:
    import socket
    from collections.abc import Mapping

LOOPBACK = "127.0.0.1"
_EVERYWHERE = {"0.0.0.0": LOOPBACK, "::": "::1", "": LOOPBACK}  # noqa: S104 - what is looked for, not bound
_NEIGHBOURS = 50


class Address(Struct, frozen=True, kw_only=True):
    """Where a program listens; `wanted` is the port that it would have had, were that free."""

    host: str
    port: int
    wanted: int

    @property
    def reachable(self) -> str:
        """The host by which this machine reaches it."""
        return _EVERYWHERE.get(self.host, self.host)

    @property
    def url(self) -> str:
        """Its URL, for a browser on this machine."""
        host = f"[{self.reachable}]" if ":" in self.reachable else self.reachable
        return f"http://{host}:{self.port}"


class Ports:
    """The free ports that this devkit has found, which no other devkit takes for free until the block ends.

    Seconds pass until a program listens on its port, and in these another devkit may look for one too.
    """

    def __init__(self) -> None:
        self._claims: dict[int, socket.socket] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for claim in self._claims.values():
            claim.close()

    def find(self, host: str, wanted: int) -> int:
        """Return the first port from `wanted` on that nobody has, or any free one."""
        near = range(wanted, min(wanted + _NEIGHBOURS, LARGEST_PORT + 1))
        return next((port for port in near if self.take(host, port)), 0) or _any_port(host)

    def take(self, host: str, port: int) -> bool:
        """Whether nobody has a port; then it is this devkit's."""
        return self._claim(port) and is_free(host, port)

    def _claim(self, port: int) -> bool:
        """Take a name for a port in the network that it belongs to, which the system gives to one process at a time.

        See unix(7) on abstract sockets; where there are none, nobody is kept away.
        """
        if sys.platform != "linux" or port in self._claims:
            return True
        import socket

        claim = socket.socket(socket.AF_UNIX)
        try:
            claim.bind(f"\0devkit-port-{port}")
        except OSError as problem:
            claim.close()
            return problem.errno != errno.EADDRINUSE
        self._claims[port] = claim
        return True


def choose_address(ports: Ports, variables: Mapping[str, str], default: int, asked: int | None = None) -> Address:
    """Return where to listen: what `HOST` and `PORT` say, or the next free port; PORT_TAKEN when `asked` is not."""
    host = variables.get("HOST") or LOOPBACK
    if asked is not None:
        if not ports.take(host, asked):
            message = f"port {asked} of {host} is taken"
            raise DevkitError(PORT_TAKEN, message, help="leave --port away, and a free one is chosen")
        return Address(host=host, port=asked, wanted=asked)
    wanted = port_number(variables.get("PORT", "")) or default
    return Address(host=host, port=ports.find(host, wanted), wanted=wanted)


def is_free(host: str, port: int) -> bool:
    """Whether a server could listen on a port; a host that is not this machine's leaves that to the server."""
    try:
        with _bound(host, port):
            return True
    except OSError as problem:
        return problem.errno not in {errno.EADDRINUSE, errno.EACCES}


def _any_port(host: str) -> int:
    with _bound(host, 0) as listener:
        return int(listener.getsockname()[1])


def _bound(host: str, port: int) -> socket.socket:
    """Return a socket that is bound as servers bind theirs: connections that wait for their end do not count."""
    import socket

    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen()
    except BaseException:
        listener.close()
        raise
    return listener
