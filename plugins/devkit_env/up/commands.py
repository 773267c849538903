"""What `devkit down` and `devkit logs` do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from devkit.api import UNKNOWN_SERVICE, DevkitError, Program, Result
from devkit_env.settings import EnvSettings
from devkit_env.up.starting import project_of
from devkit_env.up.state import forget

if TYPE_CHECKING:
    from collections.abc import Sequence

    from devkit.api import CommandContext
    from devkit_env.up.containers import Container, Project


def take_down(context: CommandContext, *, with_volumes: bool) -> Result:
    """Stop and remove the containers of the project; with its volumes, its data as well."""
    project = project_of(context)
    project.refuse_strangers()
    gone = project.remove()
    forget(context.root)
    volumes = project.remove_volumes() if with_volumes else []
    forget(context.root, with_data=with_volumes)
    lines = [f"stopped {', '.join(gone)}" if gone else "nothing was running"]
    lines += [f"removed the data: {', '.join(volumes)}"] if volumes else []
    return Result(schema="devkit.down/1", data={"services": gone, "volumes": volumes}, lines=lines)


def show_logs(context: CommandContext, services: Sequence[str], *, follows: bool, tail: str) -> Result:
    """Show what services have printed, and with `follows` what they print from now on."""
    project = project_of(context)
    containers = _asked_for(project, services)
    if not containers:
        names = [str(name) for name in context.context.settings(EnvSettings).services]
        line = "no service was started: devkit up" if names else "the project has no services"
        return Result(schema="devkit.logs/1", data={"services": []}, lines=[line])
    with context.supervise() as programs:
        for each in containers:
            words = ("logs", *(["--follow"] if follows else []), "--tail", tail, each.id)
            programs.start(Program(name=each.service, argv=(project.engine.program, *words)))
        for _ in containers:
            programs.watch()
    return Result(schema="devkit.logs/1", data={"services": [each.service for each in containers]})


def _asked_for(project: Project, services: Sequence[str]) -> list[Container]:
    """Return the containers of some services, or of all; UNKNOWN_SERVICE for one that has none."""
    containers = project.containers()
    known = {each.service for each in containers}
    for name in services:
        if name not in known:
            help_text = f"there are: {', '.join(sorted(known))}" if known else "devkit up starts the services"
            raise DevkitError(UNKNOWN_SERVICE, f"no service `{name}` was started", help=help_text)
    return [each for each in containers if not services or each.service in services]
