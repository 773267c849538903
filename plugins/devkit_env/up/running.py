"""What `devkit up` does: makes ready, starts, waits for an answer, and stays until it is told to end."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, cast

from devkit.api import (
    APPLICATION_ENDED,
    HEALTH_PATH,
    METRICS_PATH,
    SERVICE_FAILED,
    SERVICES_UNWRITTEN,
    DevkitError,
    Finding,
    Place,
    Program,
    Result,
    Severity,
    compose_file,
    fact_text,
    table,
    yaml_mapping,
)
from devkit_env.dotenv_file import NAME
from devkit_env.settings import EnvSettings
from devkit_env.surroundings import surroundings
from devkit_env.up.address import LOOPBACK, Ports, choose_address
from devkit_env.up.answering import answers, offered
from devkit_env.up.application import default_port, start_command
from devkit_env.up.services import chosen
from devkit_env.up.starting import project_of
from devkit_env.up.state import forget, remembered_ports

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from devkit.api import CommandContext, Ended, Programs
    from devkit_env.up.address import Address
    from devkit_env.up.catalogue import Service
    from devkit_env.up.containers import Project

SCHEMA = "devkit.up/1"
_PATIENCE = 60.0
"""Seconds until somebody is told that there is still no answer."""
_DOCS = "/docs"
_READY = ("env:dotenv", "env:install", "env:services", "env:migrate", "env:seed")
_STOPPED = "all that was started is stopped"


def run_up(context: CommandContext, *, port: int | None, reloads: bool) -> Result:
    """Run the application until it ends, which is APPLICATION_ENDED, or devkit is told to."""
    services = _services(context)
    if not services:
        return _run(context, None, (), port=port, reloads=reloads)
    project = project_of(context)
    before = {each.service for each in project.containers() if each.status == "running"}
    try:
        result = _run(context, project, services, port=port, reloads=reloads)
    except BaseException as reason:
        if left := _leave(context, project, services, before):
            cast("DevkitError", reason).state = left  # what a signal raises has a state as well
        raise
    left = _leave(context, project, services, before)
    if left and result.error is not None:
        result.error.state = left
    return result


def _run(
    context: CommandContext, project: Project | None, services: Sequence[Service], *, port: int | None, reloads: bool
) -> Result:
    """Make ready and run the application until it ends; the result says why."""
    with context.supervise():  # a signal is the end of this, as of what follows
        error = _made_ready(context)
    if error is not None:
        error.state = _STOPPED
        return Result(schema=SCHEMA, error=error)
    variables = surroundings(context, NAME, services)
    with Ports() as ports, context.supervise() as programs:
        address = choose_address(ports, {**variables, **os.environ}, default_port(context.context), port)
        argv = start_command(context.context, address, reloads=reloads)
        if address.port != address.wanted:
            context.say(f"port {address.wanted} is taken: {address.port} is used instead")
        env = {**variables, "HOST": address.host, "PORT": str(address.port)}
        for program in _followers(project, services):
            programs.start(program)
        programs.start(Program(name=application_name(context), argv=argv, env=env))
        ended = _stay(context, programs, address, services)
    return _result(address, ended)


def start_detached(context: CommandContext) -> Result:
    """Start the services with their data, and leave them running; the application is not started."""
    services = _services(context)
    error = _made_ready(context)
    ports = remembered_ports(context.root, services) if error is None else {}
    lines = [*_places(services, ports), "devkit down stops the services"] if ports else []
    return Result(schema=SCHEMA, data={"services": ports}, lines=lines, error=error)


def application_name(context: CommandContext) -> str:
    """Return what stands before the application's lines."""
    return fact_text(context.context, "package.name") or context.root.name


def _services(context: CommandContext) -> tuple[Service, ...]:
    """Return the chosen services; SERVICES_UNWRITTEN when the compose file lacks one."""
    services = chosen(context.context.settings(EnvSettings).services)
    path = compose_file(context.context.tree.exists)
    text = context.context.tree.read_text(path) if services else ""
    data = yaml_mapping(text) if text else {}
    if data is None:
        return services  # compose says best why it cannot read the file
    lacking = [str(each.name) for each in services if each.name not in table(data.get("services"))]
    if lacking:
        message = f"`{path}` has no service {', '.join(lacking)}"
        raise DevkitError(SERVICES_UNWRITTEN, message, place=Place(path=path), help="devkit apply")
    return services


def _made_ready(context: CommandContext) -> DevkitError | None:
    return context.run_tasks([name for name in _READY if name in context.tasks]).error


def _leave(context: CommandContext, project: Project, services: Sequence[Service], before: Collection[str]) -> str:
    """Remove what was started of the services; what ran before goes on running.

    What cannot be removed is told of, and returned for the state of the failure for which all ends.
    """
    new = {str(each.name) for each in services} - set(before)
    try:
        gone = project.remove(new) if new else []
    except DevkitError as problem:
        context.find(
            Finding(code=problem.kind.code, message=problem.message, severity=Severity.ERROR, help=problem.help)
        )
        return problem.state if problem.kind is SERVICE_FAILED else f"{', '.join(sorted(new))} may still be there"
    if gone:
        context.say(f"stopped {', '.join(gone)}")
    if before:
        context.say(f"{', '.join(sorted(before))} ran before, and goes on: devkit down")
    else:
        forget(context.root)
    return ""


def _followers(project: Project | None, services: Sequence[Service]) -> Iterator[Program]:
    """Yield what passes on the lines that services print from now on."""
    if project is None:
        return
    names = {str(each.name) for each in services}
    for each in project.containers():
        if each.service in names:
            argv = (project.engine.program, "logs", "--follow", "--tail", "0", each.id)
            yield Program(name=each.service, argv=argv, is_minor=True)


def _places(services: Sequence[Service], ports: dict[str, int]) -> list[str]:
    return [
        f"{port.purpose}: {LOOPBACK}:{ports[port.variable]}"
        for service in services
        for port in service.ports
        if port.variable in ports
    ]


def _stay(context: CommandContext, programs: Programs, address: Address, services: Sequence[Service]) -> Ended:
    """Say what is there as soon as the application answers, and stay until it ends."""
    path = context.context.find(HEALTH_PATH) or "/"
    is_there = False

    def has_answered() -> bool:
        nonlocal is_there
        is_there = answers(address, path)
        return is_there

    ended = programs.watch(has_answered, seconds=_PATIENCE)
    if ended is None and not is_there:
        context.say(f"{application_name(context)} does not answer at {address.url} yet: what it prints says why")
        ended = programs.watch(has_answered)
    if ended is None:
        metrics = context.context.find(METRICS_PATH) or "/metrics"
        there = [each for each in offered(address, (path, metrics, _DOCS)) if each != "/"]
        for place in _places(services, remembered_ports(context.root, services)):
            context.say(place)
        context.say("  ".join([f"{application_name(context)} is there: {address.url}", *there]))
        ended = programs.watch()
    assert ended is not None  # noqa: S101 - a watch without a limit ends with a program
    return ended


def _result(address: Address, ended: Ended) -> Result:
    last = next((line.strip() for line in reversed(ended.lines) if line.strip()), "it printed nothing")
    error = DevkitError(
        APPLICATION_ENDED,
        f"{ended.name} ended with exit code {ended.code}: {last}",
        help="its last lines are above, and in `lines` with --json",
        state=_STOPPED,
    )
    data = {"url": address.url, "program": ended.name, "code": ended.code, "lines": list(ended.lines)}
    return Result(schema=SCHEMA, data=data, error=error)
