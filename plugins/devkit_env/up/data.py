"""Bringing the database up to date, and filling a new one."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from devkit.api import NPM, PYTHON, TASK_FAILED, DevkitError, json_object, table, toml_table
from devkit_env.surroundings import project_variables
from devkit_env.up.services import chosen
from devkit_env.up.state import SEEDED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from devkit.api import Context, TaskContext
    from devkit_env.settings import EnvSettings

_PRISMA = ("prisma/schema.prisma", "schema.prisma", "prisma.config.ts")


def migration(context: Context, settings: EnvSettings) -> tuple[str, ...]:
    """Return the command that brings the database up to date: the configured one, or that of a tool in use."""
    python, npm = context.find(PYTHON), context.find(NPM)
    if settings.migrate:
        return settings.migrate
    if python is not None and context.tree.exists("manage.py"):
        return (python, "manage.py", "migrate", "--no-input")
    if python is not None and _has_alembic(context):
        return (python, "-m", "alembic", "upgrade", "head")
    if npm is not None and any(context.tree.exists(path) for path in _PRISMA):
        return ("npx", "--no-install", "prisma", "migrate", "deploy")
    return ()


def seeding(context: Context, settings: EnvSettings) -> tuple[str, ...]:
    """Return the command that fills a new database, if there is one."""
    if settings.seed or context.find(NPM) is None:
        return settings.seed
    prisma = table(json_object(context.tree.read_text("package.json")).get("prisma"))
    return ("npx", "--no-install", "prisma", "db", "seed") if "seed" in prisma else ()


def migrate(context: TaskContext, *, argv: Sequence[str], services: Sequence[str]) -> None:
    """Bring the database up to date; TASK_FAILED when the command does not manage to."""
    _run(context, argv, services, "the database is not up to date")


def seed(context: TaskContext, *, argv: Sequence[str], services: Sequence[str]) -> None:
    """Fill a new database: once with each command, until the data are removed."""
    mark = hashlib.sha256(json.dumps([list(argv), list(services)]).encode()).hexdigest()
    path = context.root / SEEDED
    if path.is_file() and path.read_text("utf-8") == mark:
        context.say("the database has its data; devkit down --volumes removes them")
        return
    _run(context, argv, services, "the database has not got its data")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(mark, "utf-8")


def _run(context: TaskContext, argv: Sequence[str], services: Sequence[str], state: str) -> None:
    env = project_variables(context.root, services=chosen(services))
    program = str(context.root / argv[0]) if "/" in argv[0] else argv[0]
    code = context.run([program, *argv[1:]], env=env)
    if code != 0:
        message = f"`{' '.join(argv)}` ended with exit code {code}"
        raise DevkitError(TASK_FAILED, message, help="its output is above", state=state)


def _has_alembic(context: Context) -> bool:
    tools = table(toml_table(context.tree.read_text("pyproject.toml")).get("tool"))
    return "alembic" in tools or context.tree.exists("alembic.ini")
