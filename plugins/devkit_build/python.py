"""The Dockerfile of a Python application."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from devkit.api import python_dependencies, table, toml_table
from devkit_build.dockerfile import (
    HEADER,
    environment,
    exec_form,
    joined,
    labels,
    listening,
    served,
    step,
    system_packages,
    user,
)
from devkit_build.images import PYTHON, UV
from devkit_build.python_command import Application, django_project, start_command
from devkit_build.python_managers import PIP_SOURCE, VENV, manager_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from devkit.api import Tree
    from devkit_build.project import Project
    from devkit_build.python_managers import Manager

_VERSIONS = ("3.13", "3.14", "3.12", "3.11", "3.10")
"""In the order in which they are taken: the newest for which all packages of note have wheels comes first."""
_REPEATABLE = {"PIP_ROOT_USER_ACTION": "ignore", "SOURCE_DATE_EPOCH": "315532800"}
"""With a date set, Python compiles to the same bytes at any time: by the hash of a file, not by its age."""
_ASK = (
    "import http.client, os, sys; c = http.client.HTTPConnection('127.0.0.1', int(os.environ['PORT']), timeout=2); "
    "c.request('GET', '{}'); sys.exit(c.getresponse().status >= 500)"
)


def python_dockerfile(project: Project) -> str:
    """Return the Dockerfile: one stage that installs into a virtual environment, one that runs it."""
    manifest = toml_table(project.tree.read_text("pyproject.toml"))
    manager = manager_of(project.tree)
    base = project.base_image(PYTHON.format(python_version(project.tree, project.requires_python)))
    tool = f"FROM {project.base_image(UV)} AS uv" if manager.is_uv else ""
    return joined(
        HEADER, tool, f"FROM {base} AS build", _build(project, manager, manifest), _run(project, base, manifest)
    )


def is_package(tree: Tree, manifest: Mapping[str, Any]) -> bool:
    """Whether the project itself is installed, rather than started from its folder."""
    if tree.exists("manage.py"):
        return False
    tools = table(manifest.get("tool"))
    return "build-system" in manifest and table(tools.get("poetry")).get("package-mode") is not False


def python_version(tree: Tree, requires: str) -> str:
    """Return the minor version of the base image: that of `.python-version`, else one that the project allows."""
    chosen = re.match(r"\s*(3\.\d+)", tree.read_text(".python-version") or "")
    if chosen:
        return chosen[1]
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    try:
        allowed = SpecifierSet(requires)
    except InvalidSpecifier:
        return _VERSIONS[0]
    return next((version for version in _VERSIONS if allowed.contains(f"{version}.99")), _VERSIONS[0])


def _build(project: Project, manager: Manager, manifest: Mapping[str, Any]) -> str:
    settings = project.settings
    program = f"pip install {manager.program}" if manager.program else ""
    path = {"VIRTUAL_ENV": VENV, "PATH": f"{VENV}/bin:$PATH"}
    cache = {} if settings.buildkit else {"PIP_NO_CACHE_DIR": "1"}
    variables = manager.env if manager.is_uv else {**manager.env, **_REPEATABLE, **cache, **path}
    dependencies = step(manager.dependencies, manager.source, settings, manager.files)
    return joined(
        system_packages(settings.build_packages),
        "COPY --from=uv /uv /usr/local/bin/uv" if manager.is_uv else "",
        environment(variables),
        step(program, PIP_SOURCE, settings) if program else "",
        "WORKDIR /app" if manager.is_uv else f"WORKDIR /app\nRUN python -m venv --without-pip {VENV}",
        f"# The dependencies alone: this layer is made anew only when they change.\n{dependencies}",
        _source(project, manager, manifest),
    )


def _source(project: Project, manager: Manager, manifest: Mapping[str, Any]) -> str:
    lines = ["COPY . ."]
    if is_package(project.tree, manifest):
        lines.append(step(manager.project, manager.project_source, project.settings))
    if _has_static_files(project.tree):
        python = f"{VENV}/bin/python"
        lines.append(f"RUN SECRET_KEY=unused DJANGO_SECRET_KEY=unused {python} manage.py collectstatic --no-input")
    return "\n".join(lines)


def _has_static_files(tree: Tree) -> bool:
    package = django_project(tree)
    paths = [*tree.glob(f"{package}/settings*.py"), *tree.glob(f"{package}/settings/*.py")] if package else []
    return any(re.search(r"^STATIC_ROOT\s*=", tree.read_text(path) or "", re.MULTILINE) for path in paths)


def _run(project: Project, base: str, manifest: Mapping[str, Any]) -> str:
    settings, port = project.settings, project.port
    variables = {"PATH": f"{VENV}/bin:$PATH", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUNBUFFERED": "1"}
    variables |= listening(port)
    application = Application(
        tree=project.tree,
        manifest=manifest,
        dependencies=python_dependencies(project.tree, for_development=False),
        framework=project.framework,
        port=port,
        served=project.served,
    )
    own = "" if is_package(project.tree, manifest) else "\nCOPY --from=build /app ./"
    return joined(
        f"FROM {base}",
        environment(variables),
        system_packages(settings.packages),
        f"WORKDIR /app\nCOPY --from=build {VENV} {VENV}{own}",
        user(settings),
        served(project.port, ("python", "-c", _ASK.format(project.health_path))),
        f"CMD {exec_form(settings.command or start_command(application))}",
        labels(project.name, settings.labels),
    )
