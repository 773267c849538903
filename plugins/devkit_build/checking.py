"""Trying the image: whether its container becomes healthy, is not root, stops when told, and writes where it may."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from devkit.api import IMAGE_UNFIT, DevkitError
from devkit_build.containers import throwaway
from devkit_build.engine import connected, find_engine
from devkit_build.imagefile import read_image
from devkit_build.trying import Demands, health_problem, stop_problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from devkit.api import TaskContext

_LAST_LINES = 20
_ROOTS = frozenset({"", "root"})
_OF_PODMAN = ("/etc/passwd", "/etc/group")
"""What podman itself writes into a container, so that the number it runs as has a name."""


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
    ill = health_problem(context, client, container, config, demands)
    slow = stop_problem(context, client, container, demands)
    yield from dict.fromkeys(filter(None, (ill, slow)))
    volumes = list(config.get("Volumes") or ())
    outside = written_outside(client.diff(container) or (), [*demands.writable, *volumes])
    if outside:
        yield f"writes outside its volumes: {', '.join(outside[:5])}{' …' if len(outside) > 5 else ''}"  # noqa: PLR2004


@contextmanager
def _running(client: Any, image: str, demands: Demands) -> Iterator[str]:
    """Run a container of an image on a free port of loopback."""
    ports = [demands.port] if demands.port else []
    bindings = dict.fromkeys(ports, ("127.0.0.1", None))
    with throwaway(client, image, port_bindings=bindings, environment=demands.environment) as container:
        client.start(container)
        yield container
