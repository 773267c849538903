"""The tasks of services and data: they run when they are named, or needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from devkit.api import Call, Task
from devkit_env.up.data import migration, seeding
from devkit_env.variables import EXAMPLE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from devkit.api import Context, Value
    from devkit_env.settings import EnvSettings


def service_tasks(context: Context, settings: EnvSettings) -> Iterator[Task]:
    """Yield the tasks that start the services, bring the database up to date, and fill it."""
    services: list[Value] = [str(name) for name in settings.services]
    dotenv = ("env:dotenv",) if services or context.tree.exists(EXAMPLE) else ()
    if services:
        yield Task(
            name="env:services",
            summary="Start the services, and wait until they are healthy.",
            action=Call(function="devkit_env.up.starting:start_services", arguments={"services": services}),
            needs=dotenv,
            is_manual=True,
        )
    needs = (*dotenv, "env:install?", *(("env:services",) if services else ()))
    if argv := migration(context, settings):
        yield Task(
            name="env:migrate",
            summary="Bring the database up to date.",
            action=Call(function="devkit_env.up.data:migrate", arguments={"argv": list(argv), "services": services}),
            needs=needs,
            is_manual=True,
        )
    if argv := seeding(context, settings):
        yield Task(
            name="env:seed",
            summary="Fill a new database.",
            action=Call(function="devkit_env.up.data:seed", arguments={"argv": list(argv), "services": services}),
            needs=(*needs, "env:migrate?"),
            is_manual=True,
        )
