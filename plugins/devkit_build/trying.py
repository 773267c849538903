"""Watching a container that was started: whether it becomes healthy in time, and stops when it is told to.

A container may end at any moment, also between a look at it and the next question: what the engine refuses then is no
failure of the engine.
"""

from __future__ import annotations

import http.client
import time
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from devkit.api import TaskContext

_PAUSE = 0.25
_HEALTHY = range(200, 400)


class Demands(Struct, frozen=True, kw_only=True):
    """What a container has to do: answer at a path of a port (0: none) in time, stop in time, write only there."""

    port: int
    health_path: str
    start_seconds: int
    stop_seconds: int
    writable: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)


def health_problem(
    context: TaskContext, client: Any, container: str, config: Mapping[str, Any], demands: Demands
) -> str:
    """Return why the container did not become healthy in time, nothing when it did."""
    test = list((config.get("Healthcheck") or {}).get("Test") or ())
    started = time.monotonic()
    last = "it was not asked"
    while time.monotonic() - started < demands.start_seconds:
        state = client.inspect_container(container)
        if not state["State"]["Running"]:
            return _ended(state)
        last = _ill(client, container, test) or _unanswered(state, demands)
        if not last:
            context.record("healthy seconds", round(time.monotonic() - started, 2))
            context.say(f"healthy after {time.monotonic() - started:.1f} s")
            return ""
        context.pause(_PAUSE)
    return f"is not healthy after {demands.start_seconds} s: {last}"


def stop_problem(context: TaskContext, client: Any, container: str, demands: Demands) -> str:
    """Return how the container fails to stop on SIGTERM, or that it ended before; nothing when it stops in time."""
    from docker.errors import APIError

    started = time.monotonic()
    try:
        client.kill(container, signal="SIGTERM")
    except APIError:
        state = client.inspect_container(container)
        if state["State"]["Running"]:
            raise
        return _ended(state)
    while time.monotonic() - started < demands.stop_seconds:
        if not client.inspect_container(container)["State"]["Running"]:
            seconds = time.monotonic() - started
            context.record("stop seconds", round(seconds, 2))
            context.say(f"stopped after {seconds:.1f} s")
            return ""
        context.pause(_PAUSE)
    return f"does not stop within {demands.stop_seconds} s of SIGTERM"


def _ended(state: Mapping[str, Any]) -> str:
    return f"ends with exit code {state['State']['ExitCode']} instead of running"


def _ill(client: Any, container: str, test: Sequence[str]) -> str:
    """Return what the check of the image says in the container, nothing when it passes or there is none.

    It is run at once, while the engine would wait for the first interval of the check to pass.
    """
    from docker.errors import APIError

    if len(test) < 2 or test[0] not in {"CMD", "CMD-SHELL"}:  # noqa: PLR2004
        return ""
    command = ["/bin/sh", "-c", test[1]] if test[0] == "CMD-SHELL" else list(test[1:])
    try:
        process = client.exec_create(container, command)["Id"]
        output = client.exec_start(process).decode("utf-8", "replace").strip()
        code = client.exec_inspect(process)["ExitCode"]
    except APIError as problem:
        return f"the engine refuses to run its check: {problem.explanation or problem}"
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
