"""How a Python application is started in a container."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from devkit.api import table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from devkit.api import Tree

_EVERYWHERE = "0.0.0.0"  # noqa: S104 - in a container
_GUNICORN = ("gunicorn", "--worker-tmp-dir", "/dev/shm")  # noqa: S108 - its heartbeat must not wait for a disk


class Application(Struct, frozen=True, kw_only=True):
    """A Python application: its manifest, dependencies, framework, port, and the `module:object` that is served."""

    tree: Tree
    manifest: Mapping[str, Any]
    dependencies: frozenset[str]
    framework: str
    port: int
    served: str


def start_command(application: Application) -> tuple[str, ...]:
    """Return the command that starts it: a script of its own if it has one, else what its framework is served by."""
    project = table(application.manifest.get("project"))
    poetry = table(table(application.manifest.get("tool")).get("poetry"))
    scripts = table(project.get("scripts")) or table(poetry.get("scripts"))
    name = project.get("name")
    if name in scripts or len(scripts) == 1:
        return (str(name if name in scripts else next(iter(scripts))),)
    served = {"django": _django, "flask": _flask, "fastapi": _fastapi}.get(application.framework, _nothing)
    return served(application) or _module(application.tree)


def django_project(tree: Tree) -> str:
    """Return the package that holds a Django project's settings, or `""`."""
    match = re.search(r"DJANGO_SETTINGS_MODULE[\"'],\s*[\"']([\w.]+)[\"']", tree.read_text("manage.py") or "")
    return match[1].partition(".")[0] if match else ""


def _nothing(_: Application) -> tuple[str, ...]:
    return ()


def _fastapi(application: Application) -> tuple[str, ...]:
    target = application.served.removesuffix("()")
    options = ("--factory",) if target != application.served else ()
    return _uvicorn(application, *options, target) if target else ()


def _flask(application: Application) -> tuple[str, ...]:
    target, port = application.served, str(application.port)
    if not target:
        return ()
    if "gunicorn" in application.dependencies:
        return (*_GUNICORN, "--bind", f"{_EVERYWHERE}:{port}", target)
    return ("flask", "--app", target, "run", "--host", _EVERYWHERE, "--port", port)


def _django(application: Application) -> tuple[str, ...]:
    package, bind = django_project(application.tree), f"{_EVERYWHERE}:{application.port}"
    if not package:
        return ()
    if "gunicorn" not in application.dependencies:
        is_async = "uvicorn" in application.dependencies
        by_hand = ("python", "manage.py", "runserver", "--noreload", bind)
        return _uvicorn(application, f"{package}.asgi:application") if is_async else by_hand
    if "uvicorn-worker" in application.dependencies:
        worker = ("--worker-class", "uvicorn_worker.UvicornWorker")
        return (*_GUNICORN, "--bind", bind, *worker, f"{package}.asgi:application")
    return (*_GUNICORN, "--bind", bind, f"{package}.wsgi:application")


def _uvicorn(application: Application, *words: str) -> tuple[str, ...]:
    return ("uvicorn", *words, "--host", _EVERYWHERE, "--port", str(application.port))


def _module(tree: Tree) -> tuple[str, ...]:
    for path in (*tree.glob("src/*/__main__.py"), *tree.glob("*/__main__.py")):
        return ("python", "-m", path.split("/")[-2])
    return ("python", next((name for name in ("main.py", "app.py") if tree.exists(name)), "main.py"))
