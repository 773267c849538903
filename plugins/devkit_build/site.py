"""The Dockerfile of a static site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from devkit.api import json_object, table
from devkit_build.dockerfile import HEADER, copy, joined, labels, served
from devkit_build.images import NGINX, NODE
from devkit_build.node import build_stage, manager_stage, node_version
from devkit_build.node_managers import manager_of
from devkit_build.project import SITE_PORT, site_folder

if TYPE_CHECKING:
    from devkit_build.project import Project

_ROOT = "/usr/share/nginx/html"


def site_dockerfile(project: Project) -> str:
    """Return the Dockerfile: the site, built where it has to be, behind a web server that is not root."""
    manifest = json_object(project.tree.read_text("package.json"))
    folder = (project.settings.folder or site_folder(project.tree) or ".").strip("/")
    if "build" not in table(manifest.get("scripts")):
        return joined(HEADER, _serve(project, copy(folder, _ROOT)))
    manager = manager_of(project.tree, manifest)
    base = project.base_image(NODE.format(node_version(project.tree, manifest)))
    stages = manager_stage(project, base, manager), build_stage(project, manager)
    return joined(HEADER, *stages, _serve(project, copy(f"/app/{folder}", _ROOT, "build")))


def _serve(project: Project, copied: str) -> str:
    check = ("wget", "-q", "-Y", "off", "-O", "/dev/null", f"http://127.0.0.1:{SITE_PORT}/")
    return joined(
        f"FROM {project.base_image(NGINX)}",
        copied,
        "# The user of the base image, by number: an orchestrator can tell that it is not root.\nUSER 101:101",
        served(SITE_PORT, check, start_seconds=2),
        labels(project.name, project.settings.labels),
    )
