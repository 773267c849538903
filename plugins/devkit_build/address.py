"""Where the container engine is: what a variable says, a context of Docker's client, or the usual sockets."""

from __future__ import annotations

import os
from hashlib import sha256
from typing import TYPE_CHECKING

from msgspec import Struct

from devkit.api import NO_ENGINE, DevkitError, table
from devkit_build.documents import read_json

if TYPE_CHECKING:
    from collections.abc import Mapping

DEFAULT_SOCKET = "/var/run/docker.sock"
_UNIX = "unix://"


class Address(Struct, frozen=True, kw_only=True):
    """The address of an engine; `variables` are those by which a client finds it, beside its surroundings.

    `is_usual` tells that Docker's own client finds it without being told.
    """

    host: str
    variables: Mapping[str, str]
    is_usual: bool = True

    @property
    def socket(self) -> str:
        """The path of the socket on this machine, empty when the engine is elsewhere."""
        return self.host.removeprefix(_UNIX) if self.host.startswith(_UNIX) else ""


def find_address(environ: Mapping[str, str]) -> Address:
    """Return where the engine is, as Docker's own client finds it; podman's socket serves where there is none.

    NO_ENGINE for a context that does not exist. See docs.docker.com/engine/manage-resources/contexts.
    """
    if host := environ.get("DOCKER_HOST"):
        return Address(host=host, variables={"DOCKER_HOST": host})
    folder = environ.get("DOCKER_CONFIG") or os.path.expanduser("~/.docker")
    current = read_json(os.path.join(folder, "config.json")).get("currentContext")
    context = environ.get("DOCKER_CONTEXT") or str(current or "default")
    if context != "default":
        return _of_context(folder, context)
    if not os.path.exists(DEFAULT_SOCKET) and (path := _podman(environ)):
        host = f"{_UNIX}{path}"
        return Address(host=host, variables={"DOCKER_HOST": host}, is_usual=False)
    return Address(host=f"{_UNIX}{DEFAULT_SOCKET}", variables={})


def variables(environ: Mapping[str, str]) -> dict[str, str]:
    """Return what Docker's own client has to be told beside its surroundings; of its contexts it knows itself."""
    named = environ.get("DOCKER_HOST") or environ.get("DOCKER_CONTEXT")
    address = None if named else find_address(environ)
    return {} if address is None or address.is_usual else dict(address.variables)


def _of_context(folder: str, name: str) -> Address:
    identifier = sha256(name.encode()).hexdigest()
    meta = read_json(os.path.join(folder, "contexts", "meta", identifier, "meta.json"))
    endpoint = table(table(meta.get("Endpoints")).get("docker"))
    host = str(endpoint.get("Host") or "")
    if not host:
        message = f"the context `{name}` of docker does not exist"
        raise DevkitError(NO_ENGINE, message, help="docker context ls names them; docker context use takes one")
    certificates = os.path.join(folder, "contexts", "tls", identifier, "docker")
    has_tls = os.path.isdir(certificates)
    return Address(
        host=host,
        variables={
            "DOCKER_HOST": host,
            "DOCKER_CERT_PATH": certificates if has_tls else "",
            "DOCKER_TLS_VERIFY": "1" if has_tls and not endpoint.get("SkipTLSVerify") else "",
        },
    )


def _podman(environ: Mapping[str, str]) -> str:
    runtime = environ.get("XDG_RUNTIME_DIR", f"/run/user/{os.getuid()}")
    sockets = (f"{runtime}/podman/podman.sock", "/run/podman/podman.sock")
    return next((path for path in sockets if os.path.exists(path)), "")
