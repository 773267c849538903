"""Trying the image: whether its container becomes healthy, is not root, stops when told, and writes where it may."""

from __future__ import annotations

import http.client
import os
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field
from msgspec.structs import replace

from devkit.api import IMAGE_UNFIT, DevkitError
from devkit_build.containers import throwaway
from devkit_build.engine import connected, find_engine
from devkit_build.imagefile import read_image

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from devkit.api import TaskContext

_PAUSE = 0.25
_HEALTHY = range(200, 400)
_LAST_LINES = 20
_ROOTS = frozenset({"", "root"})
_OF_PODMAN = ("/etc/passwd", "/etc/group")
"""What podman itself writes into a container, so that the number it runs as has a name."""


class Demands(Struct, frozen=True, kw_only=True):
    """What a container has to do: answer at a path of a port (0: none) in time, stop in time, write only there."""

    port: int
    health_path: str
    start_seconds: int
    stop_seconds: int
    writable: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)


def check_image(context: TaskContext, *, environment: Mapping[str, str], **values: Any) -> None:
    """Run the image that was built last, on loopback; IMAGE_UNFIT says what it does not do as it should."""
    demands = Demands(environment=environment, **values)
    if find_engine(os.environ).is_podman:
        demands = replace(demands, writable=[*demands.writable, *_OF_PODMAN])
    image = read_image(context.root)
    with connected(os.environ) as client:
        config = client.inspect_image(image.image_id or image.reference).get("Config") or {}
        with _running(client, image.image_id or image.reference, demands) as container:
            problems = list(_problems(context, client, container, config, demands))
            if problems:
                for line in client.logs(container, tail=_LAST_LINES).decode("utf-8", "replace").splitlines():
                    context.say(f"container | {line}")
    for problem in problems:
        context.say(problem)
    if problems:
        more = f", and {len(problems) - 1} more" if len(problems) > 1 else ""
        message = f"`{image.reference}` {problems[0]}{more}"
        help_text = "the output of the container is above"
        raise DevkitError(IMAGE_UNFIT, message, help=help_text, state="the image is built")


def user_problem(user: str) -> str:
    """Return what is wrong with the user of an image: an orchestrator can only tell a number from root."""
    name = user.partition(":")[0]
    if name in _ROOTS or (name.isdecimal() and not int(name)):
        return "runs as root"
    return "" if name.isdigit() else f"runs as `{name}`, and only a number can be told from root"


def written_outside(changes: Iterable[Mapping[str, Any]], writable: Iterable[str]) -> list[str]:
    """Return the paths that a container changed outside the folders where it may, without the folders above them."""
    allowed = [folder.rstrip("/") for folder in writable]
    paths = sorted(str(change["Path"]) for change in changes)
    outside = [path for path in paths if not any(path == one or path.startswith(f"{one}/") for one in allowed)]
    return [path for path in outside if not any(other.startswith(f"{path}/") for other in paths)]


def _problems(
    context: TaskContext, client: Any, container: str, config: Mapping[str, Any], demands: Demands
) -> Iterator[str]:
    """Return what is wrong, in the order in which it is found; what needs a running container is asked first."""
    root = user_problem(str(config.get("User") or ""))
    if root:
        yield root
    started = time.monotonic()
    silent = _wait(context, client, container, config, demands)
    if silent:
        yield silent
    else:
        context.record("healthy seconds", round(time.monotonic() - started, 2))
        context.say(f"healthy after {time.monotonic() - started:.1f} s")
    slow = _stop(context, client, container, demands)
    if slow:
        yield slow
    volumes = list(config.get("Volumes") or ())
    outside = written_outside(client.diff(container) or (), [*demands.writable, *volumes])
    if outside:
        yield f"writes outside its volumes: {', '.join(outside[:5])}{' …' if len(outside) > 5 else ''}"  # noqa: PLR2004


def _wait(context: TaskContext, client: Any, container: str, config: Mapping[str, Any], demands: Demands) -> str:
    """Return why the container did not become healthy in time, nothing when it did."""
    test = list((config.get("Healthcheck") or {}).get("Test") or ())
    deadline = time.monotonic() + demands.start_seconds
    last = "it was not asked"
    while time.monotonic() < deadline:
        state = client.inspect_container(container)
        if not state["State"]["Running"]:
            return f"ends with exit code {state['State']['ExitCode']} instead of running"
        last = _ill(client, container, test) or _unanswered(state, demands)
        if not last:
            return ""
        context.pause(_PAUSE)
    return f"is not healthy after {demands.start_seconds} s: {last}"


def _ill(client: Any, container: str, test: Sequence[str]) -> str:
    """Return what the check of the image says in the container, nothing when it passes or there is none.

    It is run at once, while the engine would wait for the first interval of the check to pass.
    """
    if len(test) < 2 or test[0] not in {"CMD", "CMD-SHELL"}:  # noqa: PLR2004
        return ""
    command = ["/bin/sh", "-c", test[1]] if test[0] == "CMD-SHELL" else list(test[1:])
    process = client.exec_create(container, command)["Id"]
    output = client.exec_start(process).decode("utf-8", "replace").strip()
    code = client.exec_inspect(process)["ExitCode"]
    return "" if code == 0 else f"its check ends with {code} {output.splitlines()[-1] if output else ''}".strip()


def _unanswered(state: Mapping[str, Any], demands: Demands) -> str:
    """Return how a request from outside fails, nothing when it is answered."""
    bindings = ((state.get("NetworkSettings") or {}).get("Ports") or {}).get(f"{demands.port}/tcp") or ()
    if not demands.port or not bindings:
        return ""
    connection = http.client.HTTPConnection("127.0.0.1", int(bindings[0]["HostPort"]), timeout=3)
    try:
        connection.request("GET", demands.health_path)
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as problem:
        return f"{demands.health_path} on port {demands.port} does not answer: {problem}"
    finally:
        connection.close()
    return "" if status in _HEALTHY else f"{demands.health_path} answers {status}"


def _stop(context: TaskContext, client: Any, container: str, demands: Demands) -> str:
    """Return how the container fails to stop on SIGTERM, nothing when it stops in time."""
    if not client.inspect_container(container)["State"]["Running"]:
        return ""
    started = time.monotonic()
    client.kill(container, signal="SIGTERM")
    while time.monotonic() - started < demands.stop_seconds:
        if not client.inspect_container(container)["State"]["Running"]:
            seconds = time.monotonic() - started
            context.record("stop seconds", round(seconds, 2))
            context.say(f"stopped after {seconds:.1f} s")
            return ""
        context.pause(_PAUSE)
    return f"does not stop within {demands.stop_seconds} s of SIGTERM"


@contextmanager
def _running(client: Any, image: str, demands: Demands) -> Iterator[str]:
    """Run a container of an image on a free port of loopback."""
    ports = [demands.port] if demands.port else []
    bindings = dict.fromkeys(ports, ("127.0.0.1", None))
    with throwaway(client, image, port_bindings=bindings, environment=demands.environment) as container:
        client.start(container)
        yield container
