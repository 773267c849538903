"""What `devkit build` does: checking what was asked for, running the tasks, and saying what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import to_builtins

from devkit.api import NO_IMAGE, REGISTRY_REFUSED, VARIABLES, DevkitError, Effect, Result, fact_text
from devkit_build.image_tasks import SIZE
from devkit_build.imagefile import IMAGE_FILE, find_image
from devkit_build.images import image_name
from devkit_build.project import project_of
from devkit_build.references import parse_tag
from devkit_build.secrets import check_arguments, parse_arguments, parse_secret
from devkit_build.settings import Stack

if TYPE_CHECKING:
    from collections.abc import Sequence

    from devkit.api import CommandContext
    from devkit_build.choice import Choice
    from devkit_build.imagefile import Image


def run_build(context: CommandContext, choice: Choice, effects: Sequence[Effect], *, explains: bool) -> Result:
    """Build, perhaps push and explain; return the image."""
    _refuse_unsafe(context, choice)
    project = project_of(context.context)
    if Effect.PUBLISH in effects and project.stack is not Stack.NONE:
        _require_registry(image_name(project.name, project.settings))
    if project.stack is Stack.NONE:
        return _without_image(context, effects)
    tasks = ["build:push" if Effect.PUBLISH in effects else "build:image"]
    tasks += [SIZE] if project.settings.size_budget else []
    ran = context.run_tasks(tasks, choice.words(), effects, answer=lambda: _image_lines(find_image(context.root)))
    image = find_image(context.root)
    if ran.error is not None or image is None:
        return Result(schema="devkit.build/1", error=ran.error)
    if explains:
        from devkit_build.explaining import explain

        return explain(context)
    return Result(schema="devkit.build/1", data=to_builtins(image), lines=_image_lines(image))


def _image_lines(image: Image | None) -> list[str]:
    """Return the names of an image, with its digest where it was pushed."""
    if image is None:
        return []
    pushed = [f"{reference}@{image.digest}" for reference in image.pushed]
    return pushed or [*image.references, f"written to {IMAGE_FILE}"]


def _without_image(context: CommandContext, effects: Sequence[Effect]) -> Result:
    """Build the distribution of a project that has no image."""
    if Effect.PUBLISH in effects or not any(name.startswith("build:") for name in context.tasks):
        message = "this project has no image to build"
        language = fact_text(context.context, "language")
        stack = language if language in {Stack.PYTHON, Stack.NODE} else Stack.STATIC
        raise DevkitError(NO_IMAGE, message, help=f"say what it is made of: devkit config set build.stack {stack}")
    ran = context.run_tasks(["build"])
    return Result(schema="devkit.build/1", error=ran.error)


def _require_registry(name: str) -> None:
    """Raise where a push would lead to the names on Docker Hub that are not for anybody to take."""
    if "/" not in name:
        message = (
            f"`{name}` names no registry, so it would go to docker.io/library, which takes images of Docker alone"
        )
        help_text = "say where it goes: devkit config set build.registry ghcr.io/OWNER"
        raise DevkitError(REGISTRY_REFUSED, message, help=help_text)


def _refuse_unsafe(context: CommandContext, choice: Choice) -> None:
    """Refuse names that are none, and secrets in the open, before anything of them is passed on or recorded."""
    for tag in choice.tags:
        parse_tag(tag)
    for secret in choice.secrets:
        parse_secret(secret)
    if choice.arguments:
        names = {variable.name: "" for variable in context.context.collect(VARIABLES) if variable.is_secret}
        known = {name: context.environ.get(name, "") for name in names}
        check_arguments(parse_arguments(choice.arguments, context.environ), known)
