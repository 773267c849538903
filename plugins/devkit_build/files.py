"""The files of this stage: Dockerfile, `.dockerignore` and the Compose file."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from devkit.api import Block, Merge, SetList, Write, compose_file
from devkit_build.dockerfile import HEADER
from devkit_build.images import image_name
from devkit_build.node import node_dockerfile
from devkit_build.python import python_dockerfile
from devkit_build.secrets import MACHINE_AUTHORITIES, parse_secret
from devkit_build.settings import Stack
from devkit_build.site import site_dockerfile

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from devkit.api import FileAction, Value
    from devkit_build.project import Project

_DOCKERFILES = {Stack.PYTHON: python_dockerfile, Stack.NODE: node_dockerfile, Stack.STATIC: site_dockerfile}
_IGNORED = {
    "": (
        "# History, records and editors.",
        ".git", ".gitattributes", ".gitignore", ".github", ".gitlab-ci.yml", ".devkit", ".devcontainer", ".vscode",
        ".idea", ".editorconfig", ".pre-commit-config.yaml", ".DS_Store",
        "# Secrets are given when the container starts.",
        "**/.env", "**/.env.*", "**/*.key", ".netrc",
        "# Neither what describes the image nor what proves the code is part of it.",
        "Dockerfile*", ".dockerignore", "compose*.y*ml", "docker-compose*.y*ml",
        "tests", "docs", "**/*.log", "coverage", "htmlcov", ".coverage*", "coverage.xml",
    ),
    "python": (
        "# What is made here is made anew there.",
        ".venv", "venv", "**/__pycache__", "**/*.py[cod]", "**/*.egg-info", "build", "dist", ".tox", ".nox",
        ".hypothesis", ".mypy_cache", ".pytest_cache", ".ruff_cache", "*.sqlite3",
    ),
    "node": (
        "# What is made here is made anew there.",
        "**/node_modules", "dist", "build", ".next", ".cache", ".eslintcache", "*.tsbuildinfo",
    ),
}  # fmt: skip


def image_files(project: Project) -> Iterable[FileAction]:
    """Return what an image is built from; a Dockerfile of the user's own is left as it is."""
    if project.stack is Stack.NONE:
        return
    path = project.settings.dockerfile
    if is_ours(project):
        yield Write(path=path, text=_DOCKERFILES[project.stack](project))
    ignore = posixpath.normpath(f"/{project.settings.context}/.dockerignore").lstrip("/")
    yield Block(path=ignore, name="build", text="".join(f"{line}\n" for line in _ignored(project)))
    yield compose_part(project, compose_file(project.tree.exists))


def is_ours(project: Project) -> bool:
    """Whether the Dockerfile is devkit's to keep up: it is not there yet, or begins as devkit's does."""
    text = project.tree.read_text(project.settings.dockerfile)
    return text is None or text.startswith(HEADER)


def compose_part(project: Project, path: str) -> Merge:
    """Return what the image adds to the compose file."""
    data: dict[str, Value] = {"services": {"app": compose_service(project)}}
    data |= {"secrets": secrets} if (secrets := _secrets(project)) else {}
    return Merge(path=path, data=data, lists={"services.app.build.secrets": SetList()})


def compose_service(project: Project) -> Mapping[str, Value]:
    """Return the service that builds the image and runs it as it should run anywhere: with few rights."""
    settings = project.settings
    build: dict[str, Value] = {"context": settings.context}
    dockerfile = posixpath.relpath(f"/{settings.dockerfile}", f"/{settings.context}")  # from there, for compose
    build |= {"dockerfile": dockerfile} if dockerfile != "Dockerfile" else {}
    build |= {"target": settings.target} if settings.target else {}
    arguments: dict[str, Value] = {name: _literal(value) for name, value in settings.arguments.items()}
    build |= {"args": arguments} if arguments else {}
    build |= {"secrets": list(secrets)} if (secrets := _secrets(project)) else {}
    service: dict[str, Value] = {"build": build, "image": image_name(project.name, settings), "init": True}
    service |= {"ports": [f"127.0.0.1:${{PORT:-{project.port}}}:{project.port}"]} if project.port else {}
    service |= {"read_only": True, "tmpfs": list(settings.writable)} if project.framework != "django" else {}
    if project.has_embedded_database:
        service["environment"] = {"DATABASE_URL": "${DATABASE_URL:-sqlite:////tmp/data.sqlite3}"}
    if project.neighbours:
        variables = (pair for each in project.neighbours for pair in each.environment.items())
        service["environment"] = dict(variables)
        service["depends_on"] = {each.name: {"condition": "service_healthy"} for each in project.neighbours}
    return service | {"cap_drop": ["ALL"], "security_opt": ["no-new-privileges:true"]}


def _secrets(project: Project) -> dict[str, Value]:
    """Return the secrets of every build as compose has them, by their ids; the classic builder takes none."""
    settings = project.settings
    if not settings.buildkit:
        return {}
    trusted = f"${{SSL_CERT_FILE:-{MACHINE_AUTHORITIES}}}"
    found: dict[str, Value] = {"ca": {"file": trusted}} if settings.custom_ca else {}
    for each in map(parse_secret, settings.secrets):
        found[each.id] = {"environment": each.variable} if each.variable else {"file": _literal(each.file)}
    return found


def _literal(text: str) -> str:
    """Return text in which compose fills in nothing."""
    return text.replace("$", "$$")


def _ignored(project: Project) -> Iterable[str]:
    """Return the patterns of what a builder is not sent."""
    languages = {Stack.PYTHON: ("", "python"), Stack.NODE: ("", "node"), Stack.STATIC: ("",)}[project.stack]
    if project.stack is Stack.STATIC and project.tree.exists("package.json"):
        languages = ("", "node")
    return [line for name in languages for line in _IGNORED[name]]
