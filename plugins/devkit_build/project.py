"""What the files of this stage are made from: the project, its settings, and what other stages say of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from devkit.api import HEALTH_PATH, NEIGHBOURS, PORT, VARIABLES, fact_text, json_object, python_dependencies, table
from devkit_build.images import base_image
from devkit_build.settings import BuildSettings, Stack

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from devkit.api import Context, Neighbour, Tree

_PORTS = {"fastapi": 8000, "flask": 5000, "django": 8000, "express": 3000, "fastify": 3000}
_SITES = {
    "@11ty/eleventy": "_site",
    "@docusaurus/core": "build",
    "astro": "dist",
    "gatsby": "public",
    "react-scripts": "build",
    "vite": "dist",
    "vitepress": ".vitepress/dist",
}
"""What makes static sites, and the folder that each leaves one in."""
SITE_PORT = 8080


class Project(Struct, frozen=True, kw_only=True):
    """A project as far as its image is concerned; `port` is 0 when it serves nothing.

    `served` is the `module:object` of a Python application, with `()` when it is a function that makes one.
    """

    tree: Tree
    settings: BuildSettings
    mirrors: Mapping[str, str]
    stack: Stack
    name: str
    framework: str
    port: int
    health_path: str
    requires_python: str
    served: str
    has_embedded_database: bool
    neighbours: Sequence[Neighbour]

    def base_image(self, name: str) -> str:
        """Return what to write after `FROM` for an image."""
        return base_image(name, self.settings.images, self.mirrors)


def project_of(context: Context) -> Project:
    """Return the project of a context."""
    settings, tree = context.settings(BuildSettings), context.tree
    framework = fact_text(context, "framework") or _named_framework(tree)
    stack = _stack(context, settings, framework)
    return Project(
        tree=tree,
        settings=settings,
        mirrors=context.mirrors,
        stack=stack,
        name=fact_text(context, "package.name") or "app",
        framework=framework,
        port=SITE_PORT if stack is Stack.STATIC else context.find(PORT) or _PORTS.get(framework, 0),
        health_path="/" if stack is Stack.STATIC else context.find(HEALTH_PATH) or "/health",
        requires_python=fact_text(context, "python.requires"),
        served=fact_text(context, "application"),
        has_embedded_database=_has_embedded_database(context),
        neighbours=context.collect(NEIGHBOURS),
    )


def site_folder(tree: Tree) -> str:
    """Return the folder that a static site is in or will be made in, or `""` where there is none."""
    manifest = json_object(tree.read_text("package.json"))
    names = {**table(manifest.get("dependencies")), **table(manifest.get("devDependencies"))}
    if "build" in table(manifest.get("scripts")):
        return next((folder for name, folder in _SITES.items() if name in names), "")
    folders = ("public", "site", ".") if not tree.exists("package.json") else ()
    return next((folder for folder in folders if tree.exists(f"{folder}/index.html".removeprefix("./"))), "")


def _stack(context: Context, settings: BuildSettings, framework: str) -> Stack:
    """Return what an image is made of: of a service or a static site, not of a library."""
    if settings.stack is not Stack.AUTO:
        return settings.stack
    if framework:
        is_node = fact_text(context, "language") == "node"
        return Stack.NODE if is_node else Stack.PYTHON
    return Stack.STATIC if fact_text(context, "language") != "python" and site_folder(context.tree) else Stack.NONE


def _has_embedded_database(context: Context) -> bool:
    """Whether the application documents a database, and no service of the project is one: it uses SQLite then."""
    is_documented = "\nDATABASE_URL=\n" in (context.tree.read_text(".env.example") or "")
    return is_documented and "DATABASE_URL" not in {variable.name for variable in context.collect(VARIABLES)}


def _named_framework(tree: Tree) -> str:
    """Return the framework of a Python project that says so elsewhere than in the table `[project]`."""
    names = python_dependencies(tree, for_development=False)
    return next((name for name in ("fastapi", "flask", "django") if name in names), "")
