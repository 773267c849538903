"""The scaffold plugin: the templates devkit brings, and the facts that every later stage starts from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from devkit.api import (
    HEALTH_PATH,
    METRICS_PATH,
    PORT,
    Published,
    Stage,
    Template,
    fact_text,
    hookimpl,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from devkit.api import Context, Fact, Tree

_SUMMARIES = {
    "node-service": "A Fastify service in TypeScript with health, readiness, metrics and JSON logs.",
    "python-library": "A typed Python package with tests, ready to publish.",
    "python-service": "A FastAPI service with health, readiness, metrics and JSON logs.",
}
_SERVICE_FRAMEWORKS = {"fastapi": 8000, "flask": 5000, "django": 8000, "express": 3000, "fastify": 3000}
"""The port that each framework's own development server listens on unless the project says otherwise."""


@hookimpl
def devkit_stages() -> Iterable[Stage]:
    """The stage that every other one comes after."""
    return [Stage(name="scaffold", summary="Make the repository from a template.")]


@hookimpl
def devkit_templates() -> Iterable[Template]:
    """The built-in templates."""
    return [
        Template(name=name, summary=summary, folder=_templates_folder() / name)
        for name, summary in _SUMMARIES.items()
    ]


@hookimpl
def devkit_facts(tree: Tree) -> Iterable[Fact]:
    """Language, package, framework and versions, from the project's own files."""
    from devkit_scaffold.facts import detect

    return detect(tree)


@hookimpl
def devkit_publish(context: Context) -> Iterable[Published[Any]]:
    """Where a service listens, and where it answers about itself."""
    framework = fact_text(context, "framework")
    wanted = context.facts["port"].value if "port" in context.facts else None
    port = wanted if isinstance(wanted, int) else _SERVICE_FRAMEWORKS.get(framework)
    if not framework or port is None:
        return []
    return [Published(PORT, port), Published(HEALTH_PATH, "/health"), Published(METRICS_PATH, "/metrics")]


def _templates_folder() -> Path:
    here = Path(__file__).resolve().parent
    installed = here / "templates"  # where the wheel puts them
    return installed if installed.is_dir() else here.parents[1] / "templates"
