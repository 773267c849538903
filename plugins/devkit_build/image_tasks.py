"""The tasks that make an image, look at it and publish it, as data."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from devkit.api import VARIABLES, Call, Effect, Task, fact_text
from devkit_build.imagefile import IMAGE_FILE, SBOM_FILES
from devkit_build.images import image_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from devkit.api import Context, Value
    from devkit_build.project import Project

SIZE = "build:size"
"""There is such a task where there is a budget."""
_START_SECONDS = 60


def image_tasks(project: Project, context: Context) -> Iterable[Task]:
    """Return the tasks of a project that has an image."""
    request = _request(project, context)
    settings = project.settings
    yield Task(
        name="build:image",
        summary="Build the image, unless it is there already.",
        action=Call(function="devkit_build.building:build_image", arguments=request),
        outputs=(IMAGE_FILE,),
        accepts_arguments=True,
    )
    yield Task(
        name="build:check",
        summary="Run the image: does it become healthy, stop, and stay off root and out of its file system?",
        action=Call(function="devkit_build.checking:check_image", arguments=_demands(project, context)),
        needs=("build:image",),
        is_manual=True,
    )
    yield Task(
        name="build:sbom",
        summary="List the packages in the image.",
        action=Call(function="devkit_build.sbom:write_sbom", arguments={"form": str(settings.sbom)}),
        needs=("build:image",),
        outputs=(SBOM_FILES[str(settings.sbom)],),
        is_manual=True,
    )
    if settings.size_budget:
        yield Task(
            name=SIZE,
            summary="Hold the image to its size budget.",
            action=Call(function="devkit_build.explaining:check_size", arguments={"budget": settings.size_budget}),
            needs=("build:image",),
        )
    yield Task(
        name="build:scan",
        summary="Look for known weaknesses in the image, with Trivy or Grype.",
        action=Call(function="devkit_build.scanning:scan_image", arguments=_policy(project)),
        needs=("build:image",),
        is_manual=True,
    )
    yield Task(
        name="build:hadolint",
        summary="Lint the Dockerfile.",
        action=Call(function="devkit_build.linting:lint_dockerfile", arguments={"dockerfile": settings.dockerfile}),
        inputs=(settings.dockerfile, ".hadolint.yaml"),
        is_manual=True,
    )
    yield Task(
        name="build:push",
        summary="Push the image to its registry.",
        action=Call(function="devkit_build.pushing:push_image", arguments=request),
        needs=("build:image", *((SIZE,) if settings.size_budget else ())),
        effect=Effect.PUBLISH,
        accepts_arguments=True,
    )


def _request(project: Project, context: Context) -> dict[str, Value]:
    settings = project.settings
    return {
        "name": image_name(project.name, settings),
        "title": project.name,
        "version": fact_text(context, "package.version"),
        "dockerfile": settings.dockerfile,
        "folder": settings.context,
        "target": settings.target,
        "policy": [str(tag) for tag in settings.tags],
        "platforms": list(settings.platforms),
        "arguments": dict(settings.arguments),
        "labels": dict(settings.labels),
        "secrets": list(settings.secrets),
        "has_authorities": settings.custom_ca and settings.buildkit,
        "builder": settings.builder,
        "cache_from": list(settings.cache_from),
        "cache_to": list(settings.cache_to),
        "secret_names": [variable.name for variable in context.collect(VARIABLES) if variable.is_secret],
    }


def _demands(project: Project, context: Context) -> dict[str, Value]:
    defaults = {variable.name: variable.default for variable in context.collect(VARIABLES) if variable.default}
    return {
        "environment": defaults,
        "port": project.port,
        "health_path": project.health_path,
        "start_seconds": _START_SECONDS,
        "stop_seconds": project.settings.stop_seconds,
        "writable": list(project.settings.writable),
    }


def _policy(project: Project) -> dict[str, Value]:
    settings = project.settings
    exceptions: dict[str, Value] = {name: asdict(one) for name, one in settings.exceptions.items()}
    return {"severity": str(settings.severity), "fixable_only": settings.fixable_only, "exceptions": exceptions}
