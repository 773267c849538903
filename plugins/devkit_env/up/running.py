"""What `devkit up` does: makes ready, starts, waits for an answer, and stays until it is told to end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from devkit.api import APPLICATION_ENDED, HEALTH_PATH, METRICS_PATH, DevkitError, Program, Result
from devkit_env.dotenv_file import NAME
from devkit_env.surroundings import surroundings
from devkit_env.up.address import choose_address
from devkit_env.up.answering import answers, offered
from devkit_env.up.application import default_port, start_command

if TYPE_CHECKING:
    from devkit.api import CommandContext, Ended, Programs
    from devkit_env.up.address import Address

_PATIENCE = 60.0
"""Seconds until somebody is told that there is still no answer."""
_DOCS = "/docs"
_READY = ("env:dotenv", "env:install")


def run_up(context: CommandContext, *, port: int | None, reloads: bool) -> Result:
    """Run the application until it ends, which is APPLICATION_ENDED, or devkit is told to."""
    ran = context.run_tasks([name for name in _READY if name in context.tasks])
    if ran.error is not None:
        return Result(schema="devkit.up/1", error=ran.error)
    variables = surroundings(context, NAME)
    address = choose_address({**context.environ, **variables}, default_port(context.context), port)
    argv = start_command(context.context, address, reloads=reloads)
    if address.port != address.wanted:
        context.say(f"port {address.wanted} is taken: {address.port} is used instead")
    env = {**variables, "HOST": address.host, "PORT": str(address.port)}
    with context.supervise() as programs:
        programs.start(Program(name=_name(context), argv=argv, env=env))
        ended = _stay(context, programs, address)
    return _result(address, ended)


def _stay(context: CommandContext, programs: Programs, address: Address) -> Ended:
    """Say what is there as soon as the application answers, and stay until it ends."""
    path = context.context.find(HEALTH_PATH) or "/"
    is_there = False

    def has_answered() -> bool:
        nonlocal is_there
        is_there = answers(address, path)
        return is_there

    ended = programs.watch(has_answered, seconds=_PATIENCE)
    if ended is None and not is_there:
        context.say(f"{_name(context)} does not answer at {address.url} yet: what it prints says why")
        ended = programs.watch(has_answered)
    if ended is None:
        metrics = context.context.find(METRICS_PATH) or "/metrics"
        there = offered(address, (path, metrics, _DOCS))
        context.say(
            "  ".join([f"{_name(context)} is there: {address.url}", *(each for each in there if each != "/")])
        )
        ended = programs.watch()
    assert ended is not None  # noqa: S101 - a watch without a limit ends with a program
    return ended


def _result(address: Address, ended: Ended) -> Result:
    last = next((line.strip() for line in reversed(ended.lines) if line.strip()), "it printed nothing")
    error = DevkitError(
        APPLICATION_ENDED,
        f"{ended.name} ended with exit code {ended.code}: {last}",
        help="its last lines are above, and in `lines` with --json",
        state="all that was started is stopped",
    )
    data = {"url": address.url, "program": ended.name, "code": ended.code, "lines": list(ended.lines)}
    return Result(schema="devkit.up/1", data=data, error=error)


def _name(context: CommandContext) -> str:
    fact = context.context.facts.get("package.name")
    return str(fact.value) if fact else context.root.name
