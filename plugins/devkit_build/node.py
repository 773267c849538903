"""The Dockerfile of a Node application."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

from devkit.api import fits, json_object, lowest_version, node_range, semver_range, table
from devkit_build.dockerfile import (
    HEADER,
    copy,
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
from devkit_build.images import NODE
from devkit_build.node_managers import NPM_SOURCE, manager_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from devkit.api import Tree
    from devkit_build.node_managers import Manager
    from devkit_build.project import Project

_VERSIONS = (22, 24, 20, 26)
"""In the order in which they are taken, each a release with long-term support."""
_OTHERS = range(40, 3, -2)
_LATEST = "999.999"
"""The last release of a version, whichever that is."""
_ENTRIES = ("dist/main.js", "dist/index.js", "dist/server.js", "build/index.js")
_PLAIN = ("server.js", "index.js", "app.js", "main.js", "src/server.js", "src/index.js", "src/main.js")
_ASK = (
    "fetch('http://127.0.0.1:' + process.env.PORT + '{}', {{ signal: AbortSignal.timeout(2000) }})"
    ".then((answer) => process.exit(answer.status < 500 ? 0 : 1), () => process.exit(1))"
)


def node_dockerfile(project: Project) -> str:
    """Return the Dockerfile: stages for the build and for what runs, and one that holds only the latter."""
    manifest = json_object(project.tree.read_text("package.json"))
    manager = manager_of(project.tree, manifest)
    base = project.base_image(NODE.format(node_version(project.tree, manifest)))
    has_build = "build" in table(manifest.get("scripts"))
    return joined(
        HEADER,
        manager_stage(project, base, manager),
        _production(project, manager, manifest),
        build_stage(project, manager) if has_build else "",
        _run(project, base, manifest),
    )


def node_version(tree: Tree, manifest: Mapping[str, Any]) -> int:
    """Return the major version of the base image: that of `.nvmrc` or `.node-version`, else one that is allowed."""
    pins = (node_range(tree.read_text(name) or "") for name in (".nvmrc", ".node-version"))
    pinned = next(filter(None, pins), "") or semver_range(str(table(manifest.get("engines")).get("node", ""))) or ""
    allowed = (version for version in (*_VERSIONS, *_OTHERS) if fits(f"{version}.{_LATEST}", pinned))
    return next(allowed, 0) or int(lowest_version(pinned).partition(".")[0] or _VERSIONS[0])


def build_stage(project: Project, manager: Manager) -> str:
    """Return the stage that has every dependency, and builds."""
    return joined(
        "FROM base AS build",
        step(manager.all, manager.source, project.settings, manager.files),
        f"COPY . .\nRUN {manager.run} build",
    )


def manager_stage(project: Project, base: str, manager: Manager) -> str:
    """Return the stage that has the package manager, on which the others stand."""
    install = f"npm install --global {manager.program}" if manager.program else ""
    return joined(
        f"FROM {base} AS base",
        system_packages(project.settings.build_packages),
        step(install, NPM_SOURCE, project.settings) if install else "",
        environment(manager.env) if manager.env else "",
        "WORKDIR /app",
    )


def _production(project: Project, manager: Manager, manifest: Mapping[str, Any]) -> str:
    """Return the stage with the dependencies that run; a script of the project's own has nothing to do there."""
    own = {"prepare", "preinstall", "postinstall"} & set(table(manifest.get("scripts")))
    command = f"{manager.production} --ignore-scripts" if own and manager.program == "" else manager.production
    installed = step(command, manager.source, project.settings, manager.files)
    return joined(
        "FROM base AS dependencies",
        f"# What runs, alone: this layer is made anew only when the dependencies change.\n{installed}",
    )


def _run(project: Project, base: str, manifest: Mapping[str, Any]) -> str:
    settings = project.settings
    variables = {"NODE_ENV": "production", **listening(project.port)}
    return joined(
        f"FROM {base}",
        environment(variables),
        system_packages(settings.packages),
        _copied(project, manifest),
        user(settings),
        served(project.port, ("node", "--eval", _ASK.format(project.health_path))),
        f"CMD {exec_form(settings.command or start_command(project.tree, manifest))}",
        labels(project.name, settings.labels),
    )


def _copied(project: Project, manifest: Mapping[str, Any]) -> str:
    lines = ["WORKDIR /app", "COPY --from=dependencies /app/node_modules ./node_modules"]
    if "build" in table(manifest.get("scripts")):
        folder = _output_folder(project.tree, manifest)
        lines += [copy(f"/app/{folder}", f"./{folder}", "build"), "COPY package.json ./"]
    else:
        lines.append("COPY . .")
    return "\n".join(lines)


def start_command(tree: Tree, manifest: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the command that starts it: Node itself, since npm would stand between it and the signals."""
    try:
        words = shlex.split(str(table(manifest.get("scripts")).get("start", "")))
    except ValueError:
        words = []
    if words[:1] == ["node"] and not {"&&", "||", "|", ";", "&"} & set(words):
        return tuple(words)
    main = manifest.get("main")
    if isinstance(main, str) and main:
        return ("node", main)
    has_build = "build" in table(manifest.get("scripts"))
    found = (path for path in _PLAIN if tree.exists(path))
    return ("node", _ENTRIES[0] if has_build else next(found, _PLAIN[0]))


def _output_folder(tree: Tree, manifest: Mapping[str, Any]) -> str:
    """Return the folder that the build writes: the one that what is started is in."""
    paths = [word for word in start_command(tree, manifest)[1:] if "/" in word and not word.startswith("-")]
    return paths[0].removeprefix("./").partition("/")[0] if paths else "dist"
