"""The container engine: where it is, what it is, what it holds, and why it does not answer.

What only saves or costs a moment is asked over the local socket, without the engine's library, which takes longer to
load than the engine to answer.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from devkit.api import ENGINE_DENIED, ENGINE_FAILED, ENGINE_OLD, NO_ENGINE, DevkitError
from devkit_build.address import find_address
from devkit_build.problems import causes_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_OLDEST = (1, 40)
"""The API of Docker 19.03."""
_PATIENCE = 120
_BRIEF = 10.0
_FOUND = 200


class Engine(Struct, frozen=True, kw_only=True):
    """An engine that answered: its version, and whether it is podman behind Docker's interface."""

    version: str
    is_podman: bool


def find_engine(environ: Mapping[str, str]) -> Engine:
    """Return the engine; NO_ENGINE, ENGINE_DENIED or ENGINE_OLD say why there is none to use."""
    about = _about(environ)
    _refuse_old(str(about.get("ApiVersion", "")))
    components = about.get("Components") or ()
    names = [str(part.get("Name")) for part in components if isinstance(part, dict)]
    return Engine(version=str(about.get("Version", "")), is_podman=any("Podman" in name for name in names))


def find_held(name: str, environ: Mapping[str, str]) -> dict[str, Any] | None:
    """Return what the engine says of an image, `None` when it does not hold it."""
    if find_address(environ).socket:
        status, document = _ask_local(environ, f"/images/{name}/json")
        return document if status == _FOUND else None
    from docker.errors import NotFound

    with connected(environ) as client:
        try:
            return dict(client.inspect_image(name))
        except NotFound:
            return None


def held_names(held: Mapping[str, Any] | None) -> frozenset[str]:
    """Return the names under which the engine has an image, of what it says of it; podman's as Docker writes them."""
    names = (held or {}).get("RepoTags") or ()
    prefixes = ("docker.io/library/", "docker.io/", "localhost/")
    return frozenset(name.removeprefix(prefix) for name in names for prefix in ("", *prefixes))


@contextmanager
def connected(environ: Mapping[str, str], *, patience: int = _PATIENCE) -> Iterator[Any]:
    """Return a client of the engine; what its library raises becomes an error of devkit.

    `patience` are the seconds in which the engine may say nothing at all.
    """
    import docker
    from docker.errors import APIError, DockerException
    from requests.exceptions import RequestException
    from urllib3.exceptions import HTTPError  # what reading a stream raises, which requests does not wrap

    client = None
    try:
        # The library leaves its connection open when it asks for the version itself and nobody answers.
        address = find_address(environ)
        version = str(_about(environ).get("ApiVersion", "auto")) if address.socket else "auto"
        surroundings = {**environ, **address.variables}
        client = docker.from_env(timeout=patience, version=version, environment=surroundings).api
        yield client
    except APIError as problem:
        words = " ".join(str(problem.explanation or problem).split())
        raise DevkitError(ENGINE_FAILED, f"the engine refuses: {words}", help="its log says more") from problem
    except (DockerException, RequestException, HTTPError) as problem:
        raise unreachable(problem, environ) from problem
    finally:
        if client is not None:
            client.close()


def unreachable(problem: BaseException, environ: Mapping[str, str]) -> DevkitError:
    """Return why the engine cannot be asked, in words that say what mends it."""
    where = find_address(environ).host
    causes = list(causes_of(problem))
    if any(isinstance(cause, PermissionError) for cause in causes):
        message = f"you may not use the container engine at `{where}`"
        return DevkitError(ENGINE_DENIED, message, help="sudo usermod -aG docker $USER, then log in again")
    is_absent = any(isinstance(cause, FileNotFoundError) for cause in causes)
    message = f"no container engine answers at `{where}`{': nothing is there' if is_absent else ''}"
    chosen = environ.get("DOCKER_HOST")
    start = "start it: sudo systemctl start docker; or set DOCKER_HOST"
    help_text = "see that DOCKER_HOST is right, or: unset DOCKER_HOST" if chosen else start
    return DevkitError(NO_ENGINE, message, help=help_text)


def _about(environ: Mapping[str, str]) -> dict[str, Any]:
    """Return what the engine says of itself."""
    if find_address(environ).socket:
        return _ask_local(environ, "/version")[1]
    with connected(environ) as client:
        return dict(client.version())


def _ask_local(environ: Mapping[str, str], target: str) -> tuple[int, dict[str, Any]]:
    try:
        return _ask(find_address(environ).socket, target)
    except OSError as problem:
        raise unreachable(problem, environ) from problem


def _ask(path: str, target: str) -> tuple[int, dict[str, Any]]:
    """Return the status and the document that the engine answers with; OSError when it does not.

    In HTTP/1.0, an answer ends with the connection: that needs no library, which takes longer to load than this.
    """
    import json
    import socket

    with socket.socket(socket.AF_UNIX) as stream:
        stream.settimeout(_BRIEF)
        stream.connect(path)
        stream.sendall(f"GET {target} HTTP/1.0\r\nHost: localhost\r\n\r\n".encode())
        answer = b"".join(iter(lambda: stream.recv(1 << 16), b""))
    head, _, body = answer.partition(b"\r\n\r\n")
    words = head.split(None, 2)
    if len(words) < 2 or not words[1].isdigit():  # noqa: PLR2004
        raise OSError("the answer is not one of an engine")
    try:
        document = json.loads(body or b"{}")
    except ValueError as problem:
        raise OSError("the answer cannot be read") from problem
    return int(words[1]), document if isinstance(document, dict) else {}


def _refuse_old(version: str) -> None:
    numbers = tuple(int(part) for part in version.split(".") if part.isdigit())
    if numbers and numbers < _OLDEST:
        message = f"the engine speaks version {version} of its interface, and {'.'.join(map(str, _OLDEST))} is needed"
        raise DevkitError(ENGINE_OLD, message, help="update Docker to 19.03 or later, or podman to 4 or later")
