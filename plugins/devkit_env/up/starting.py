"""Starting the chosen services in the background, and waiting until they are healthy."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from devkit.api import DevkitError
from devkit_env.surroundings import file_values
from devkit_env.up.address import LOOPBACK, Ports
from devkit_env.up.containers import Project, project_name
from devkit_env.up.engine import find_engine
from devkit_env.up.services import chosen, found_values, wanted_port
from devkit_env.up.state import remember

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from devkit.api import TaskContext
    from devkit_env.up.catalogue import Service

_TRIES = 3


def start_services(context: TaskContext, *, services: Sequence[str]) -> None:
    """Start services, each on a free port of loopback, and remember where they are."""
    wanted = chosen(services)
    project = project_of(context)
    project.refuse_strangers()
    file = file_values(context.root)
    with Ports() as free:
        ports = _started(project, wanted, {**file, **os.environ}, free)
    project.wait([str(each.name) for each in wanted])
    remember(context.root, found_values(wanted, file, os.environ, ports))
    for service in wanted:
        port = ports[service.ports[0].variable]
        context.record(f"{service.name} port", port)
        context.say(f"{service.title} is there: {LOOPBACK}:{port}")


def project_of(context: TaskContext) -> Project:
    """Return the compose project of a folder; raises where no engine answers."""
    name = project_name(context.root, {**file_values(context.root), **os.environ})
    return Project(context=context, engine=find_engine(context), name=name)


def _started(
    project: Project, services: Sequence[Service], current: Mapping[str, str], free: Ports, tries: int = _TRIES
) -> dict[str, int]:
    """Start services and return their ports; on others, when somebody takes one before the engine does."""
    ports = _ports(project, services, current, free)
    secrets = [password for each in services if (password := current.get(each.password))]
    try:
        project.start(
            [str(each.name) for each in services], {name: str(port) for name, port in ports.items()}, secrets
        )
    except DevkitError:
        if tries == 1 or _ports(project, services, current, free) == ports:
            raise
        project.context.say("a port was taken meanwhile: others are used")
        return _started(project, services, current, free, tries - 1)
    return ports


def _ports(project: Project, services: Sequence[Service], current: Mapping[str, str], free: Ports) -> dict[str, int]:
    """Return a port for each variable: the one that a running service has, or one that is free."""
    running = {each.service: each.ports for each in project.containers() if each.status == "running"}
    found: dict[str, int] = {}
    for service in services:
        for port in service.ports:
            there = running.get(service.name, {}).get(port.number)
            wanted = wanted_port(port.variable, port.default, current)
            while there is None:
                there = free.find(LOOPBACK, wanted)
                if there in found.values():
                    wanted, there = there + 1, None
            found[port.variable] = there
    return found
